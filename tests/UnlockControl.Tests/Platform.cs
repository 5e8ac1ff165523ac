// SPDX-License-Identifier: GPL-3.0-or-later
// As unlockctl: on Linux alone.
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]
