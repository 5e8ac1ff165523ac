// SPDX-License-Identifier: GPL-3.0-or-later
// Random devices, seeded: whatever is sent, lost and asked for again, contacts pair and end. The sink checks each step.

using Input.Native;

namespace Input.Tests;

public class AnyStreamTests
{
    private static readonly SlotState Empty = new(-1, 0, 0);
    private readonly Recorder sink = new();

    [Theory]
    [InlineData(PointerKind.Slots)]
    [InlineData(PointerKind.SingleTouch)]
    [InlineData(PointerKind.AbsolutePointer)]
    internal void No_stream_leaves_a_contact_stuck_or_unpaired(PointerKind kind)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var device = new RandomDevice(kind, random);
            var tracker = new TouchTracker(
                kind, new AxisMap(0, 719, 720), new AxisMap(0, 1439, 1440), 0, device.Slots, device.Slot);
            for (int step = 0; step < 300; step++)
            {
                RunStep(tracker, device, random);
            }

            device.LiftAll(e => tracker.Take(e, sink));
            tracker.Take(Send.Sync, sink);
            Assert.Empty(sink.ContactsDown);
            Assert.All(sink.Pointers, e => Assert.True(e is { X: >= 0 and < 720, Y: >= 0 and < 1440 }));
            Assert.Contains(sink.Pointers, e => e.Phase == PointerPhase.Up);
            sink.Pointers.Clear();
        }
    }

    private void RunStep(TouchTracker tracker, RandomDevice device, Random random)
    {
        if (random.Next(20) == 0)
        {
            // A stretch of events that nobody reads, then the device's state.
            for (int lost = random.Next(30); lost > 0; lost--)
            {
                device.Step(_ => { });
            }

            tracker.Resynchronise(device.Slots, device.Slot, sink);
        }
        else if (random.Next(50) == 0)
        {
            tracker.CancelAll(sink);
        }
        else
        {
            device.Step(e => tracker.Take(e, sink));
        }
    }

    /// <summary>
    /// A device whose state is what its events say, as in the kernel: what does not change is not sent.
    /// </summary>
    private sealed class RandomDevice(PointerKind kind, Random random)
    {
        public SlotState[] Slots { get; } = kind == PointerKind.Slots ? [Empty, new(4, 9, 9), Empty] : [Empty];

        public int Slot { get; private set; }

        public void Step(Action<input_event> send)
        {
            if (kind != PointerKind.Slots)
            {
                StepSingle(send);
            }
            else if (random.Next(4) == 0)
            {
                Slot = random.Next(Slots.Length);
                send(Send.Slot(Slot));
            }
            else
            {
                StepSlot(send);
            }

            if (random.Next(3) == 0)
            {
                send(Send.Sync);
            }
        }

        public void LiftAll(Action<input_event> send)
        {
            for (int i = 0; i < Slots.Length; i++)
            {
                send(kind == PointerKind.Slots ? Send.Slot(i) : Send.Key(Button, 0));
                if (kind == PointerKind.Slots)
                {
                    send(Send.Id(-1));
                }
            }
        }

        private ushort Button => kind == PointerKind.SingleTouch ? Evdev.BTN_TOUCH : Evdev.BTN_LEFT;

        private void StepSlot(Action<input_event> send)
        {
            switch (random.Next(4))
            {
                case 0:
                    Slots[Slot].TrackingId = random.Next(2) == 0 ? -1 : random.Next(1000);
                    send(Send.Id(Slots[Slot].TrackingId));
                    break;
                case 1:
                    Slots[Slot].Y = random.Next(-50, 3000);
                    send(Send.MtY(Slots[Slot].Y));
                    break;
                default:
                    Slots[Slot].X = random.Next(-50, 3000);
                    send(Send.MtX(Slots[Slot].X));
                    break;
            }
        }

        private void StepSingle(Action<input_event> send)
        {
            if (random.Next(3) == 0)
            {
                Slots[0].TrackingId = random.Next(-1, 1);
                send(Send.Key(Button, Slots[0].TrackingId + 1));
            }
            else
            {
                Slots[0].X = random.Next(-50, 3000);
                send(Send.Abs(Evdev.ABS_X, Slots[0].X));
            }
        }
    }
}
