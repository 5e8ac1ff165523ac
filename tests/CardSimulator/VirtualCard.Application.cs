// SPDX-License-Identifier: GPL-3.0-or-later
// Which command does what (OpenPGP card 3.4 section 7.1), and the application's life: SELECT, TERMINATE DF, ACTIVATE FILE.

namespace CardSimulator;

public sealed partial class VirtualCard
{
    private Answer Dispatch(CommandApdu command)
    {
        if (command.Ins == Instruction.Select)
        {
            return Select(command);
        }

        if (!selected)
        {
            return new Answer(StatusWord.ConditionsOfUse);
        }

        return memory.Terminated && command.Ins != Instruction.Activate
            ? new Answer(StatusWord.Terminated)
            : Run(command);
    }

    private Answer Run(CommandApdu command) => command.Ins switch
    {
        Instruction.Verify => Verify(command),
        Instruction.ChangeReferenceData => ChangeReferenceData(command),
        Instruction.ResetRetryCounter => ResetRetryCounter(command),
        Instruction.GetData => GetData(command),
        Instruction.PutData => PutData(command),
        Instruction.PutDataOdd => ImportKey(command),
        Instruction.GenerateKey => GenerateKey(command),
        Instruction.SecurityOperation => SecurityOperation(command),
        Instruction.InternalAuthenticate => InternalAuthenticate(command),
        Instruction.GetChallenge => GetChallenge(command),
        Instruction.Terminate => Terminate(command),
        Instruction.Activate => Activate(command),
        _ => new Answer(StatusWord.WrongInstruction),
    };

    /// <summary>SELECT, section 7.2.1: by the application's name, or a beginning of it.</summary>
    private Answer Select(CommandApdu command)
    {
        bool fits = command.P1 == 0x04 && command.Data.Length > 0 && FullAid.AsSpan().StartsWith(command.Data);
        if (!fits)
        {
            return new Answer(StatusWord.FileNotFound);
        }

        selected = true;
        if (options.SelectClearsVerified)
        {
            ForgetVerified();
        }

        return memory.Terminated ? new Answer(StatusWord.Terminated) : new Answer([.. options.SelectAnswer]);
    }

    /// <summary>TERMINATE DF, section 7.2.16: with PW3, or where PW1 and PW3 are both blocked.</summary>
    private Answer Terminate(CommandApdu command)
    {
        if (command.Parameter != 0)
        {
            return new Answer(StatusWord.WrongParameters);
        }

        if (!adminVerified && (memory.Admin.Tries > 0 || memory.User.Tries > 0))
        {
            return new Answer(StatusWord.SecurityStatus);
        }

        memory.Terminated = true;
        ForgetVerified();
        return Answer.Success;
    }

    /// <summary>ACTIVATE FILE, section 7.2.17: a terminated card is as new; any other stays as it is.</summary>
    private Answer Activate(CommandApdu command)
    {
        if (command.Parameter != 0)
        {
            return new Answer(StatusWord.WrongParameters);
        }

        if (memory.Terminated)
        {
            memory = new CardMemory();
            ForgetVerified();
        }

        return Answer.Success;
    }

    /// <summary>Instruction bytes (section 7.1).</summary>
    private static class Instruction
    {
        public const byte Verify = 0x20;
        public const byte ChangeReferenceData = 0x24;
        public const byte SecurityOperation = 0x2A;
        public const byte ResetRetryCounter = 0x2C;
        public const byte Activate = 0x44;
        public const byte GenerateKey = 0x47;
        public const byte GetChallenge = 0x84;
        public const byte InternalAuthenticate = 0x88;
        public const byte Select = 0xA4;
        public const byte GetResponse = 0xC0;
        public const byte GetData = 0xCA;
        public const byte PutData = 0xDA;
        public const byte PutDataOdd = 0xDB;
        public const byte Terminate = 0xE6;
    }
}
