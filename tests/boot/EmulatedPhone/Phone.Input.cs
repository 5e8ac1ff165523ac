// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fingers and keys, by QMP's input-send-event. Axes run from 0 to 0x7FFF over the whole screen.

using System.Text.Json.Nodes;

namespace EmulatedPhone;

public sealed partial class Phone
{
    // Long enough for the guest to see a press and a release as two reports.
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(60);

    /// <summary>A finger comes down at a pixel.</summary>
    public void TouchDown(int x, int y) => Send(Axis("x", x, options.Width), Axis("y", y, options.Height), Button(true));

    /// <summary>The finger, which is down, moves to a pixel.</summary>
    public void TouchMove(int x, int y) => Send(Axis("x", x, options.Width), Axis("y", y, options.Height));

    /// <summary>The finger goes up where it is.</summary>
    public void TouchUp() => Send(Button(false));

    /// <summary>A short touch at a pixel.</summary>
    public void Tap(int x, int y)
    {
        TouchDown(x, y);
        Thread.Sleep(Hold);
        TouchUp();
        Thread.Sleep(Hold);
    }

    /// <summary>Pulls the touchscreen out.</summary>
    public void UnplugTouch() => qmp.Execute("device_del", new JsonObject { ["id"] = "touch" });

    /// <summary>Plugs it in again.</summary>
    public void PlugTouch() =>
        qmp.Execute("device_add", new JsonObject { ["driver"] = "usb-tablet", ["id"] = "touch", ["bus"] = "usb.0" });

    /// <summary>Plugs a USB mouse in.</summary>
    public void PlugMouse() =>
        qmp.Execute("device_add", new JsonObject { ["driver"] = "usb-mouse", ["id"] = "mouse", ["bus"] = "usb.0" });

    /// <summary>Moves the mouse.</summary>
    /// <param name="dx">In the mouse's units, at most 127 either way.</param>
    /// <param name="dy">The same, downwards.</param>
    public void MoveMouse(int dx, int dy)
    {
        Send(Relative("x", dx), Relative("y", dy));
        Thread.Sleep(Hold);
    }

    /// <summary>Presses and releases the mouse's first button.</summary>
    public void Click()
    {
        Send(Button(true));
        Thread.Sleep(Hold);
        Send(Button(false));
        Thread.Sleep(Hold);
    }

    /// <summary>Plugs a USB keyboard in.</summary>
    public void PlugKeyboard() =>
        qmp.Execute("device_add", new JsonObject { ["driver"] = "usb-kbd", ["id"] = "keyboard", ["bus"] = "usb.0" });

    /// <summary>Pulls the USB keyboard out.</summary>
    public void UnplugKeyboard() => qmp.Execute("device_del", new JsonObject { ["id"] = "keyboard" });

    /// <summary>Presses and releases a key.</summary>
    /// <param name="keys">QEMU's name for it: "a", "1", "ret", "backspace", "esc", "kp_enter"; after those that are held meanwhile.</param>
    public void TypeKey(params string[] keys)
    {
        foreach (string key in keys)
        {
            Send(Key(key, true));
            Thread.Sleep(Hold);
        }

        foreach (string key in keys.Reverse())
        {
            Send(Key(key, false));
            Thread.Sleep(Hold);
        }
    }

    /// <summary>Presses and releases a key about as fast as the keyboard can tell it; what comes too fast for it is lost.</summary>
    /// <param name="key">QEMU's name for it.</param>
    public void StrikeKey(string key)
    {
        foreach (bool down in (bool[])[true, false])
        {
            Send(Key(key, down));
            Thread.Sleep(15);
        }
    }

    /// <summary>Releases keys whose release may have been lost.</summary>
    public void ReleaseKeys(params string[] keys) => Array.ForEach(keys, key => Send(Key(key, false)));

    /// <summary>Types lower-case letters and digits.</summary>
    public void TypeText(string text)
    {
        foreach (char letter in text)
        {
            TypeKey(letter.ToString());
        }
    }

    /// <summary>The number that the tablet's axis has for a pixel.</summary>
    internal static int OnAxis(int pixel, int size) => (int)(((2L * pixel) + 1) * 0x7FFF / (2L * size));

    private static JsonObject Axis(string axis, int pixel, int size) =>
        Event("abs", new JsonObject { ["axis"] = axis, ["value"] = OnAxis(pixel, size) });

    private static JsonObject Relative(string axis, int by) => Event("rel", new JsonObject { ["axis"] = axis, ["value"] = by });

    private static JsonObject Button(bool down) => Event("btn", new JsonObject { ["button"] = "left", ["down"] = down });

    private static JsonObject Key(string key, bool down) =>
        Event("key", new JsonObject { ["down"] = down, ["key"] = new JsonObject { ["type"] = "qcode", ["data"] = key } });

    private static JsonObject Event(string type, JsonObject data) => new() { ["type"] = type, ["data"] = data };

    private void Send(params JsonNode[] events) =>
        qmp.Execute("input-send-event", new JsonObject { ["events"] = new JsonArray(events) });
}
