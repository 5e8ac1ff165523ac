// SPDX-License-Identifier: GPL-3.0-or-later
// The card half of the agent by itself: PINs come in lines on stdin, keys go to stdout. It is built as the agent is, and
// measured and searched in the agent's place. What it has to say goes to stderr, in lines: "ready", "opened MICROSECONDS",
// "handed over", or what went wrong. With --hold it waits for an empty line after "opened" and after "handed over".

using System.Diagnostics;
using CardUnlock;
using Microsoft.Win32.SafeHandles;

namespace UnlockProbe;

internal static class Program
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int MaxPinLength = 127;

    private static int Main(string[] arguments)
    {
        if (arguments is not ([_] or [_, "--hold"] or [_, "--hold", _]))
        {
            Console.Error.WriteLine("usage: unlock-probe MESSAGE [--hold [PUBLIC-KEYS]]");
            return 2;
        }

        byte[] publicKeys = arguments is [_, _, var file] ? File.ReadAllBytes(file) : [];
        if (EncryptedKey.Parse(File.ReadAllBytes(arguments[0]), publicKeys, out EncryptedKey? message) != MessageFault.None)
        {
            Console.Error.WriteLine("The message cannot be used.");
            return 1;
        }

        using var monitor = new CardMonitor(message!);
        using var input = new FileStream(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        while (true)
        {
            if (Ready(monitor) is not CardInfo card)
            {
                return 1;
            }

            if (!Unlock(monitor, card, input, hold: arguments.Length > 1, out int status))
            {
                return status;
            }
        }
    }

    private static CardInfo? Ready(CardMonitor monitor)
    {
        CardStatus status = monitor.Wait();
        while (status is not CardStatus.Ready)
        {
            Console.Error.WriteLine(status.GetType().Name);
            status = monitor.Wait();
        }

        return status is CardStatus.Ready { Card: { MatchesKey: true } card } ? card : null;
    }

    // As in the agent: the card thread sleeps until the PIN is confirmed. False: no PIN came, or the card did not open.
    private static bool Unlock(CardMonitor monitor, CardInfo card, FileStream input, bool hold, out int status)
    {
        SecretBuffer? given = null;
        UnlockResult? result = null;
        long time = 0;
        // Not the kind that spins first: in the agent the other thread sleeps in poll, and leaves the processor to the card.
        using var opened = new ManualResetEvent(initialState: false);
        using var ended = new ManualResetEvent(initialState: false);
        var cardThread = new Thread(() =>
        {
            monitor.Wait();
            if (given is null)
            {
                return;
            }

            result = monitor.Unlock(given, card);
            time = hold ? 0 : HandOver(result);
            opened.Set();

            // What its stack still holds must be there to be found.
            ended.WaitOne();
        });
        cardThread.Start();

        // It should have fallen asleep.
        Thread.Sleep(20);
        Console.Error.WriteLine("ready");
        given = ReadPin(input);
        long start = Stopwatch.GetTimestamp();
        monitor.Interrupt();
        status = 0;
        if (given is not null)
        {
            opened.WaitOne();
            status = Tell(result, Stopwatch.GetElapsedTime(start, time), hold ? input : null) ? 0 : 1;
            ended.Set();
        }

        cardThread.Join();
        return given is not null && status == 0;
    }

    private static bool Tell(UnlockResult? result, TimeSpan time, FileStream? hold)
    {
        if (result is not UnlockResult.Key key)
        {
            Console.Error.WriteLine(result?.GetType().Name);
            return false;
        }

        Console.Error.WriteLine("opened " + (long)time.TotalMicroseconds);
        if (hold is not null)
        {
            hold.ReadByte();
            HandOver(key);
            Console.Error.WriteLine("handed over");
            hold.ReadByte();
        }

        return true;
    }

    // The time at which the key was out.
    private static long HandOver(UnlockResult result)
    {
        if (result is UnlockResult.Key { Secret: var key })
        {
            using var stdout = new FileStream(
                new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            stdout.Write(key.Span);
            key.Dispose();
        }

        return Stopwatch.GetTimestamp();
    }

    // One byte at a time: no buffer but the secret's own holds more than one of them. Null: there is no more.
    private static SecretBuffer? ReadPin(FileStream input)
    {
        using SecretBuffer line = SecretBuffer.Allocate(MaxPinLength);
        Span<byte> one = stackalloc byte[1];
        while (input.Read(one) == 1)
        {
            if (one[0] == '\n')
            {
                return line.Move();
            }

            line.TryAppend(one);
            one.Clear();
        }

        return null;
    }
}
