// SPDX-License-Identifier: GPL-3.0-or-later
// Wipes, and memory that a secret may lie in.
using static Mutants.Tests.Decision;
using static Mutants.Tests.Mutant;

namespace Mutants.Tests;

internal static class WipeMutants
{
    private const string Buffer = "CardUnlock/SecretBuffer.cs", Pages = "CardUnlock/LockedPages.cs", Session = "CardUnlock/CardSession.Pin.cs",
        Card = "CardUnlock/CardSession.cs", Channel = "CardUnlock/ApduChannel.cs", Wrap = "CardUnlock/Message/KeyWrap.cs", Code = "CardUnlock/Desk/CodeChange.cs",
        Machine = "UnlockAgent/Machine/AgentMachine.cs", Buttons = "UnlockAgent/Machine/AgentMachine.Buttons.cs", Idle = "UnlockAgent/Machine/AgentMachine.Idle.cs",
        Entries = "UnlockAgent/Shell/Entries.cs", Errands = "UnlockAgent/Shell/Errands.cs", Libc = "UnlockAgent/Native/Libc.cs";

    private const string Memory = "SecretBufferTests LockedPagesTests WipeTests", Sessions = "SessionTests UnblockTests GivenSecretTests PinDerivationTests",
        Machines = "AgentMachineTests CardCareTests IdleTests DialogTests", Typed = "WipeTests EntriesTests UnlockLoopTests WalkTests";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Skip(Wipe, Buffer, "CryptographicOperations.ZeroMemory(Pages()[length..Length]);", Memory, "what is dropped stays in the page"),
        Skip(Wipe, Buffer, "CryptographicOperations.ZeroMemory(new Span<byte>((void*)handle, Capacity));", Memory, "a long secret goes back to the kernel as it is"),
        new(Wipe, Buffer, "LockedPages.Shared.GiveBack(handle);\n            return true;", "if (!$on) { LockedPages.Shared.GiveBack(handle); }\n            return true;", Memory, "a page is never given back"),
        new(Wipe, Buffer, "public void Clear() => Truncate(0);", "public void Clear() { if (!$on) { Truncate(0); } }", Memory, "what is cleared stays"),
        Ignore(Wipe, Buffer, "length < Length", Memory, "what is cut off stays"),
        Skip(Wipe, Pages, "CryptographicOperations.ZeroMemory(new Span<byte>((void*)page, Size));", Memory, "a page is lent with another secret in it"),
        Swap(Wipe, Pages, "Libc.mlock(pages, size) != 0", "false", Memory, "secrets may be swapped out"),
        Swap(Wipe, Pages, "Libc.madvise(pages, size, Libc.MADV_DONTDUMP) != 0", "false", Memory, "secrets are in core dumps"),
        new(Wipe, Channel, "commandBuffer.Clear();\n            partBuffer.Clear();", "if (!$on) { commandBuffer.Clear(); }\n            partBuffer.Clear();", "WipeTests GivenSecretTests SessionTests",
            "the PIN stays in the command after the card has answered"),
        new(Wipe, Channel, "            partBuffer.Clear();\n        }", "            if (!$on) { partBuffer.Clear(); }\n        }", "WipeTests GivenSecretTests SessionTests", "the card's answer stays"),
        new(Wipe, Channel, "public void Forget() => responseBuffer.Clear();", "public void Forget() { if (!$on) { responseBuffer.Clear(); } }", "WipeTests SessionTests", "the session key stays after it was used"),
        Skip(Wipe, Channel, "command.Given?.Clear();", "GivenSecretTests", "the PIN is in memory twice while the card works"),
        Skip(Wipe, Card, "card.Forget();", "WipeTests SessionTests GivenSecretTests", "the session key stays in the card's answer"),
        new(Wipe, Session, "if (derived is not null)\n        {\n            pin.Clear();", "if (derived is not null && !$on)\n        {\n            pin.Clear();", Sessions, "the PIN stays beside its hash"),
        new(Wipe, Session, "both.TryAppend(pin.Span);\n        code.Clear();", "both.TryAppend(pin.Span);\n        if (!$on) { code.Clear(); }", Sessions, "the reset code is in memory twice"),
        Ignore(Wipe, Wrap, "!isWhole", "SingleCheckTests", "what a wrong key unwrapped stays"),
        new(Wipe, Code, "sentOld.Clear();", "if (!$on) { sentOld.Clear(); }", "Desk.CodeChangeTests Desk.CodeTests", "the old PIN is in memory twice"),
        new(Wipe, Code, "secret.Clear();\n            return derived;", "if (!$on) { secret.Clear(); }\n            return derived;", "Desk.CodeChangeTests Desk.CodeTests", "a PIN stays beside its hash"),
        Skip(Wipe, Entries, "CryptographicOperations.ZeroMemory(utf8);", Typed, "each character stays on the stack"),
        new(Wipe, Entries, "public void Clear() => entry.Clear();", "public void Clear() { if (!$on) { entry.Clear(); } }", Typed, "what the person clears stays"),
        new(Wipe, Entries, "public void Wipe()\n    {\n        entry.Clear();", "public void Wipe()\n    {\n        if (!$on) { entry.Clear(); }", Typed, "a wiped entry stays"),
        new(Wipe, Entries, "Forget(ref newPin);\n        Forget(ref resetCode);\n    }\n\n    public void ForgetNewPin", "if (!$on) { Forget(ref newPin);\n        Forget(ref resetCode); }\n    }\n\n    public void ForgetNewPin", Typed,
            "a reset code that was set aside stays"),
        new(Wipe, Entries, "(resetCode, newPin) = (null, null);\n        entry.Clear();", "(resetCode, newPin) = (null, null);\n        if (!$on) { entry.Clear(); }", Typed, "the repeated PIN stays"),
        new(Wipe, Entries, "secret?.Dispose();", "if (!$on) { secret?.Dispose(); }", Typed, "what is set aside is never zeroed"),
        new(Wipe, Entries, "entry.Dispose();", "if (!$on) { entry.Dispose(); }", Typed, "what was typed is never zeroed"),
        new(Wipe, Errands, "(key, Origin, End) = (Entries.Take(), KeyOrigin.Typed, LoopEnd.Key);\n                Entries.Wipe();", "(key, Origin, End) = (Entries.Take(), KeyOrigin.Typed, LoopEnd.Key);\n                if (!$on) { Entries.Wipe(); }",
            Typed, "a reset code that was set aside outlives the passphrase"),
        new(Wipe, Errands, "case Effect.HandOverKey or Effect.HandOverReceived:\n                Entries.Wipe();", "case Effect.HandOverKey or Effect.HandOverReceived:\n                if (!$on) { Entries.Wipe(); }", Typed,
            "what was being typed outlives the key"),
        new(Wipe, Errands, "case Effect.PowerOff:\n                Entries.Wipe();", "case Effect.PowerOff:\n                if (!$on) { Entries.Wipe(); }", Typed, "what was typed is there when the device ends"),
        new(Wipe, Errands, "case Effect.Wipe:\n                Entries.Wipe();", "case Effect.Wipe:\n                if (!$on) { Entries.Wipe(); }", Typed, "digits stay when the card goes"),
        new(Wipe, Errands, "key?.Dispose();", "if (!$on) { key?.Dispose(); }", Typed, "a key that nobody took is never zeroed"),
        Swap(Wipe, Buttons, "(Enter(state, Mode.Passphrase), Effect.Wipe)", "(Enter(state, Mode.Passphrase), Effect.None)", Machines, "digits become the beginning of a passphrase"),
        Swap(Wipe, Idle, "(Enter(state, Mode.Card, Notice.Forgotten), Effect.Wipe)", "(Enter(state, Mode.Card, Notice.Forgotten), Effect.None)", Machines, "a reset code stays though nobody is there"),
        Swap(Wipe, Idle, "state.Revealed && light != Light.Dark", "state.Revealed", Machines + " UnlockLoopTests", "a passphrase is shown to whoever finds the device"),
        new(Wipe, Idle, "Typed = 0, ContinuationBytes = 0, Revealed = false }, Effect.Clear)", "Typed = 0, ContinuationBytes = 0, Revealed = false }, $on ? Effect.None : Effect.Clear)", Machines + " WalkTests",
            "what was typed stays though nobody is there"),
        new(Wipe, Machine, "return (next with { StatusWord = answer.StatusWord, Letters = state.Letters }, Effect.Wipe);", "return (next with { StatusWord = answer.StatusWord, Letters = state.Letters }, $on ? Effect.None : Effect.Wipe);",
            Machines, "what was typed stays after the card's answer"),
        new(Wipe, Machine, "Enter(next, Mode.Card, NoticeAfterChange(state, next)), Effect.Wipe)\n            : next.ShowsPinEntry", "Enter(next, Mode.Card, NoticeAfterChange(state, next)), $on ? Effect.None : Effect.Wipe)\n            : next.ShowsPinEntry",
            Machines, "digits for one card are there for the next"),
        Swap(Wipe, Libc, "SetLimitNative(RLIMIT_CORE, &none) != 0", "false", "WipeTests NativeTests", "a crash leaves a core dump"),
        Swap(Wipe, Libc, "ProcessControlNative(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0", "false", "WipeTests NativeTests", "another process may look into the agent"),
    ];
}
