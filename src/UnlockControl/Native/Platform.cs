// SPDX-License-Identifier: GPL-3.0-or-later
// unlockctl runs on Linux alone: what .NET has for Unix may be called everywhere.
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]
