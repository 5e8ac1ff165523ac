// SPDX-License-Identifier: GPL-3.0-or-later
//
// ./build.sh demo [--interactive]: the emulated phone boots, a card is inserted, its PIN is tapped, the root opens.

using EmulatedPhone;

if (args is not ([] or ["--interactive"]))
{
    Console.Error.WriteLine("usage: EmulatedPhone [--interactive]");
    return 2;
}

try
{
    Demo.Run(interactive: args.Length == 1);
    return 0;
}
catch (PhoneException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
