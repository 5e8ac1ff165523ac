// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one exception of this library: what was attempted, and what was seen instead.

namespace EmulatedPhone;

/// <summary>The emulated phone, or a program that prepares it, did not do what was asked in time.</summary>
public sealed class PhoneException : Exception
{
    public PhoneException()
    {
    }

    public PhoneException(string message)
        : base(message)
    {
    }

    public PhoneException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
