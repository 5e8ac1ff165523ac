// SPDX-License-Identifier: GPL-3.0-or-later
//
// The demo: for now the stock prompt.

using System.Diagnostics;
using System.Text.RegularExpressions;
using EmulatedPhone;

string suite = args.Length > 0 ? args[0] : "bookworm";
var image = PhoneImage.WithTextPrompt(suite);
string disk = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Out, "demo")).FullName, "disk.img");
LuksDisk.Create(disk, image.Tree, "nonce-1234", [1, 10, 3], "secret"u8.ToArray());
using var phone = Phone.Boot(new PhoneOptions(image.Kernel, image.Initrd, disk, "try"));
phone.PlugKeyboard();
phone.WaitForShell(TimeSpan.FromSeconds(90));
Console.WriteLine($"shell after {Stopwatch.GetElapsedTime(phone.PowerOnTimestamp).TotalSeconds:0.0}");
phone.WaitForGuest("cat /dev/vcs1", new Regex("Please unlock"), TimeSpan.FromSeconds(60));
Console.WriteLine($"prompt after {Stopwatch.GetElapsedTime(phone.PowerOnTimestamp).TotalSeconds:0.0}");
phone.Screenshot().SavePng(Path.Combine(Repository.Out, "demo", "prompt.png"));
phone.TypeText("secret");
phone.TypeKey("ret");
ConsoleLine line = phone.WaitForConsole(new Regex("opened-root: end"), TimeSpan.FromSeconds(60));
Console.WriteLine(phone.Console.Tail(20));
Console.WriteLine($"open after {Stopwatch.GetElapsedTime(phone.PowerOnTimestamp, line.Timestamp).TotalSeconds:0.0}");
