// SPDX-License-Identifier: GPL-3.0-or-later
// Names for what stands in many lines of the lists: the source files, and the classes of tests that must notice.
namespace Mutants.Tests;

internal static class Places
{
    public const string Apdu = "CardUnlock/Apdu.cs", AeadCipher = "CardUnlock/Message/Ciphers/AeadCipher.cs",
        Kdf = "CardUnlock/Message/KeyDerivation.cs", Recipient = "CardUnlock/Message/RecipientKey.cs",
        Key = "CardUnlock/Message/EncryptedKey.cs", Plain = "CardUnlock/Message/Plaintext.cs",
        Packet = "CardUnlock/Message/SessionKeyPacket.cs", Card = "CardUnlock/CardSession.cs", Session = "CardUnlock/CardSession.Pin.cs",
        Codes = "CardUnlock/Desk/CardDesk.Codes.cs", Desk = "CardUnlock/Desk/CardDesk.cs", Code = "CardUnlock/Desk/CodeChange.cs",
        Pcsc = "CardUnlock/Native/PcscContext.cs", Channel = "CardUnlock/ApduChannel.cs", Mdc = "CardUnlock/Message/MdcData.cs",
        AeadData = "CardUnlock/Message/AeadData.cs", Block = "CardUnlock/Message/SessionKeyBlock.cs",
        Wrap = "CardUnlock/Message/KeyWrap.cs", Use = "CardUnlock/ReaderWatch.Use.cs", Watch = "CardUnlock/ReaderWatch.cs",
        Open = "CardUnlock/OpenPgpCard.cs", CardData = "CardUnlock/CardData.cs", Derive = "CardUnlock/PinDerivation.cs",
        Commands = "CardUnlock/OpenPgpCard.Commands.cs", CardMonitor = "CardUnlock/CardMonitor.cs", Secret = "CardUnlock/SecretBuffer.cs",
        Pages = "CardUnlock/LockedPages.cs";

    public const string Machine = "UnlockAgent/Machine/AgentMachine.cs", Buttons = "UnlockAgent/Machine/AgentMachine.Buttons.cs",
        State = "UnlockAgent/Machine/AgentState.cs", Focus = "UnlockAgent/Shell/FocusKeys.cs",
        Remote = "UnlockAgent/Shell/RemotePassphrase.cs", Entries = "UnlockAgent/Shell/Entries.cs",
        Loop = "UnlockAgent/Shell/UnlockLoop.cs", CardThread = "UnlockAgent/Shell/CardThread.cs",
        Renderer = "UnlockAgent/Screen/PadRenderer.cs", Changes = "UnlockAgent/Screen/PadRenderer.Changes.cs",
        Fingers = "UnlockAgent/Shell/Fingers.cs", Errands = "UnlockAgent/Shell/Errands.cs", Guard = "UnlockAgent/Machine/WakeGuard.cs",
        Idle = "UnlockAgent/Machine/AgentMachine.Idle.cs", Libc = "UnlockAgent/Native/Libc.cs";

    public const string Touch = "Input/TouchTracker.cs", Moves = "Input/LastMoves.cs", Mouse = "Input/MouseTracker.cs",
        Devices = "Input/InputDevices.cs", Device = "Input/EvdevDevice.cs", Keys = "Input/KeyTracker.cs";

    public const string Authority = "UnlockControl/Enrolment/Authority.cs", Changing = "UnlockControl/Enrolment/Changing.cs",
        Disabling = "UnlockControl/Enrolment/Disabling.cs", Removal = "UnlockControl/Enrolment/Removal.cs",
        Review = "UnlockControl/Enrolment/KeyReview.cs", NewKey = "UnlockControl/Enrolment/NewKey.cs";

    public const string Fbdev = "Framebuffer/FbdevTarget.cs", Turned = "Framebuffer/TurnedTarget.cs";

    public const string Messages = "StrictnessTests SingleCheckTests EncryptedDataTests MessageTests",
        Recipients = "StrictnessTests SingleCheckTests RecipientTests MessageSessionTests",
        Sessions = "VerifiedStateTests CounterTests UnblockTests SessionTests HostileCardTests",
        Secrets = "SessionTests UnblockTests GivenSecretTests PinDerivationTests", Uses = "MonitorUseTests MonitorTests",
        DeskCodes = "Desk.CodeChangeTests Desk.CodeTests Desk.DeskTests", Memory = "SecretBufferTests LockedPagesTests WipeTests",
        Machines = "AgentMachineTests CardCareTests IdleTests DialogTests",
        Loops = "UnlockLoopTests HeldKeyTests HardwareKeyboardTests ScreenSecrecyTests",
        Typed = "WipeTests EntriesTests UnlockLoopTests WalkTests",
        InputDevices = "ForgottenPlacesTests InputDevicesTests KeyTrackerTests";
}
