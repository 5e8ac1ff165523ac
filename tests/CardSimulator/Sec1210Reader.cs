// SPDX-License-Identifier: GPL-3.0-or-later
// A reader on a serial line with the manners of a Microchip SEC1210, as the Librem 5 has one: two slots, the second always
// empty, and no answer at all while it has no power. The line is a pseudo-terminal, which pcscd's serial driver
// opens by its path; what it says there is in Sec1210Frame and Sec1210Slot.

using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using CardSimulator.Native;
using Microsoft.Win32.SafeHandles;

namespace CardSimulator;

/// <summary>A serial reader of two slots; a <see cref="VirtualCard"/> can be put into the first one.</summary>
public sealed class Sec1210Reader : ICardReader
{
    private const string Driver = "/usr/lib/pcsc/drivers/serial/libccidtwin.so";

    // The first slot's two bits: changed, present.
    private const byte Inserted = 0x03;
    private const byte Removed = 0x02;

    private readonly Lock gate = new();
    private readonly VirtualCard card;
    private readonly Sec1210Slot[] slots;
    private readonly FileStream master;
    private readonly FileStream line;
    private readonly Thread thread;
    private readonly ManualResetEventSlim noticed = new();
    private bool hasPower = true;
    private bool disposed;

    public Sec1210Reader(VirtualCard card)
    {
        this.card = card;
        slots = [new Sec1210Slot(card), new Sec1210Slot(null)];
        SafeFileHandle pseudoTerminal = Libc.OpenPseudoTerminal(Libc.ReadWriteNoTerminal);
        DevicePath = NameOfOtherSide(pseudoTerminal);
        master = new FileStream(pseudoTerminal, FileAccess.ReadWrite, bufferSize: 0);

        // Held open, and silenced before anybody else opens it: without it our reads would fail between two users, and
        // what we say before the first one would come back as an echo.
        line = new FileStream(OpenRaw(DevicePath), FileAccess.Write, bufferSize: 0);
        card.Pulled += OnPulled;
        thread = new Thread(Serve) { IsBackground = true, Name = "serial card reader" };
        thread.Start();
    }

    /// <summary>The serial port, as a path.</summary>
    public string DevicePath { get; }

    /// <summary>Messages of the host that were answered since the start, for every slot.</summary>
    public int MessageCount { get; private set; }

    /// <summary>Whether the reader has its supply; without one it hears nothing, and its cards have no power either.</summary>
    public bool HasPower
    {
        get
        {
            lock (gate)
            {
                return hasPower;
            }
        }

        set
        {
            lock (gate)
            {
                hasPower = value;
                if (!value)
                {
                    slots[0].Unpower();
                }
            }
        }
    }

    /// <summary>Whether the card is in the first slot.</summary>
    public bool IsInserted
    {
        get
        {
            lock (gate)
            {
                return slots[0].IsInserted;
            }
        }
    }

    /// <summary>What a file in reader.conf.d says for pcscd to use this reader.</summary>
    /// <param name="name">The reader's name; pcscd adds " 00 00" for the first slot and " 00 01" for the second.</param>
    public string Configuration(string name) => $"""
        FRIENDLYNAME "{name}"
        DEVICENAME   {DevicePath}:SEC1210
        LIBPATH      {Driver}

        """;

    /// <summary>Puts the card in and tells the host. pcscd sees it when it next asks, which it does every 0.4 s.</summary>
    public void Insert() => Change(true);

    /// <summary>Pulls the card out and tells the host.</summary>
    public void Remove() => Change(false);

    /// <summary>Waits until the host has powered the card that was put in, or has asked after one that was pulled out.</summary>
    /// <returns>false when it took longer than <paramref name="timeout"/>.</returns>
    public bool WaitUntilNoticed(TimeSpan timeout) => noticed.Wait(timeout);

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        card.Pulled -= OnPulled;

        // Closing would not wake the thread out of its read; a byte from the other side does.
        line.WriteByte(0);
        card.PowerOff();
        thread.Join();
        line.Dispose();
        master.Dispose();
        noticed.Dispose();
    }

    private static unsafe string NameOfOtherSide(SafeFileHandle master)
    {
        Span<byte> name = stackalloc byte[64];
        fixed (byte* start = name)
        {
            if (master.IsInvalid || Libc.GrantPseudoTerminal(master) != 0 || Libc.UnlockPseudoTerminal(master) != 0
                || Libc.PseudoTerminalName(master, start, (nuint)name.Length) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError(), "There is no pseudo-terminal to be had.");
            }
        }

        return Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
    }

    private static unsafe SafeFileHandle OpenRaw(string path)
    {
        SafeFileHandle terminal = Libc.Open(path, Libc.ReadWriteNoTerminal);
        Libc.Terminal settings;
        if (terminal.IsInvalid || Libc.GetTerminal(terminal, &settings) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "The pseudo-terminal cannot be opened.");
        }

        Libc.MakeRaw(&settings);
        if (Libc.SetTerminal(terminal, Libc.Now, &settings) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "The pseudo-terminal cannot be set up.");
        }

        return terminal;
    }

    private void OnPulled(object? sender, EventArgs e) => Remove();

    private void Change(bool inserted)
    {
        // A command in progress is lost with the card's power, before the gate that it holds is waited for.
        if (!inserted)
        {
            card.PowerOff();
        }

        lock (gate)
        {
            if (slots[0].IsInserted == inserted)
            {
                return;
            }

            slots[0].Unpower();
            slots[0].IsInserted = inserted;
            noticed.Reset();
            if (hasPower)
            {
                Send([Sec1210Frame.SlotChange, inserted ? Inserted : Removed]);
            }
        }
    }

    private void Serve()
    {
        Sec1210Frame incoming = new();
        byte[] buffer = new byte[512];
        while (true)
        {
            int count = master.Read(buffer);
            if (disposed || count == 0)
            {
                return;
            }

            lock (gate)
            {
                if (!hasPower)
                {
                    continue;
                }

                incoming.Add(buffer.AsSpan(0, count));
                while (incoming.TryTake(out byte[] message))
                {
                    Send(message.Length == 0 ? Sec1210Frame.Refusal : Sec1210Frame.Encode(Answer(message)));
                }
            }
        }
    }

    private byte[] Answer(byte[] message)
    {
        MessageCount++;
        Sec1210Slot slot = message[5] < slots.Length ? slots[message[5]] : slots[^1];
        byte[] answer = slot.Answer(message);
        if (slot == slots[0] && (slot.IsInserted ? slot.IsPowered : message[0] == Sec1210Slot.GetSlotStatus))
        {
            noticed.Set();
        }

        return answer;
    }

    private void Send(byte[] bytes) => master.Write(bytes);
}
