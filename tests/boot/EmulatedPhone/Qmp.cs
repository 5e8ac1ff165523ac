// SPDX-License-Identifier: GPL-3.0-or-later
//
// QEMU Machine Protocol, the part that is needed: one JSON object per line, a greeting, qmp_capabilities, then
// commands answered in order with "return" or "error", with events in between.

using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmulatedPhone;

/// <summary>A QMP session over a connected socket; one command at a time.</summary>
internal sealed class Qmp : IDisposable
{
    private readonly StreamReader reader;
    private readonly StreamWriter writer;
    private readonly Lock gate = new();
    private readonly List<JsonObject> events = [];

    public Qmp(Socket socket, TimeSpan timeout)
    {
        var stream = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = (int)timeout.TotalMilliseconds };
        reader = new StreamReader(stream);
        writer = new StreamWriter(stream) { AutoFlush = true };
        ReadObject("the greeting");
        Execute("qmp_capabilities");
    }

    /// <summary>Runs a command and returns its answer.</summary>
    /// <exception cref="PhoneException">QEMU refuses it, or does not answer in time.</exception>
    public JsonNode? Execute(string command, JsonObject? arguments = null)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments is not null)
        {
            request["arguments"] = arguments;
        }

        lock (gate)
        {
            try
            {
                writer.WriteLine(request.ToJsonString());
            }
            catch (IOException failure)
            {
                throw new PhoneException($"QEMU is gone, cannot ask it for {command}", failure);
            }

            return ReadAnswer(command);
        }
    }

    /// <summary>The first event of a name that came so far, or null.</summary>
    public JsonObject? FindEvent(string name)
    {
        // An answer comes after every event before it.
        Execute("query-status");
        lock (gate)
        {
            return events.Find(e => (string?)e["event"] == name);
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        writer.Dispose();
    }

    private JsonNode? ReadAnswer(string command)
    {
        while (true)
        {
            JsonObject answer = ReadObject(command);
            if (answer.ContainsKey("return"))
            {
                return answer["return"];
            }

            if (answer.ContainsKey("event"))
            {
                events.Add(answer);
            }

            if (answer["error"] is JsonNode error)
            {
                throw new PhoneException($"QEMU refuses {command}: {error["desc"]}");
            }
        }
    }

    private JsonObject ReadObject(string awaited)
    {
        try
        {
            string line = reader.ReadLine() ?? throw new PhoneException($"QEMU ended before it answered {awaited}");
            return JsonNode.Parse(line)!.AsObject();
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            throw new PhoneException($"QEMU did not answer {awaited}", failure);
        }
    }
}
