// SPDX-License-Identifier: GPL-3.0-or-later
// A report as a person reads it: tables on a terminal, the same lines where there is none.
using System.Globalization;
using Spectre.Console;

namespace UnlockControl.Overview;

/// <summary>Draws reports.</summary>
internal sealed class SystemDrawing(IAnsiConsole output)
{
    /// <summary>Everything: `unlockctl status`.</summary>
    public void Draw(SystemReport report)
    {
        DrawCards(report);
        DrawVolumes(report);
        DrawImages(report);
        DrawProblems(report.Problems);
    }

    /// <summary>Which card opens which volume: `unlockctl list`.</summary>
    public void DrawList(SystemReport report)
    {
        Table table = Columns("Volume", "Card", "Serial number", "Key", "Here");
        foreach (SeenVolume volume in report.Volumes)
        {
            string name = volume.Name;
            foreach (SeenRecipient card in volume.Cards)
            {
                Row(table, name, Or(card.Name, "(no name)"), Or(card.Serial, Shorten(card.Fingerprint)), card.KeyType, card.IsPresent ? "yes" : "");
                name = "";
            }

            if (volume.Cards.Count == 0)
            {
                Row(table, name, volume.Fault ?? "no card", "", "", "");
            }
        }

        output.Write(table);
    }

    private static Table Columns(params ReadOnlySpan<string> names)
    {
        Table table = new() { Border = TableBorder.None, ShowRowSeparators = false };
        foreach (string name in names)
        {
            table.AddColumn(new TableColumn(new Text(name, new Style(decoration: Decoration.Bold))) { Padding = new Padding(0, 0, 2, 0) });
        }

        return table;
    }

    private static void Row(Table table, params ReadOnlySpan<string> cells)
    {
        List<Text> texts = [];
        foreach (string cell in cells)
        {
            texts.Add(new Text(cell));
        }

        table.AddRow(texts);
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    private static string Shorten(string fingerprint) => fingerprint.Length > 16 ? fingerprint[^16..] : fingerprint;

    private void DrawCards(SystemReport report)
    {
        Heading("Cards");
        if (report.CardServiceFault is { } fault)
        {
            output.WriteLine(fault);
        }
        else if (report.Readers.Count == 0)
        {
            output.WriteLine("no reader");
        }
        else
        {
            DrawReaders(report);
        }
    }

    private void DrawReaders(SystemReport report)
    {
        Table table = Columns("Reader", "Card", "Serial number", "Key", "PIN", "Opens");
        foreach (string reader in report.Readers)
        {
            SeenCard? card = report.Cards.FirstOrDefault(card => card.Reader == reader);
            if (card is null)
            {
                Row(table, reader, "no card", "", "", "", "");
            }
            else if (card.Fault is { } reason)
            {
                Row(table, reader, reason, "", "", "", "");
            }
            else
            {
                Row(
                    table,
                    reader,
                    Or(card.Holder, card.Maker),
                    card.Serial,
                    Or(card.KeyType, "no key"),
                    Enrolment.Wording.TriesLeft(card.TriesLeft),
                    Or(string.Join(", ", card.Opens), "nothing here"));
            }
        }

        output.Write(table);
    }

    private void DrawVolumes(SystemReport report)
    {
        output.WriteLine();
        Heading("Volumes");
        if (report.CrypttabFault is { } fault)
        {
            output.WriteLine(fault);
            return;
        }

        Table table = Columns("Volume", "Device", "Opened by", "Key kept in", "Passphrases");
        foreach (SeenVolume volume in report.Volumes)
        {
            string cards = string.Join(", ", volume.Cards.Select(card => Or(card.Name, Or(card.Serial, Shorten(card.Fingerprint)))));
            Row(
                table,
                volume.Name,
                volume.Device ?? volume.Source,
                volume.Fault ?? (volume.UsesCard ? Or(cards, "no card yet") : "passphrase or key file"),
                volume.KeyFile ?? (volume.Storage is null ? "" : "its header"),
                volume.PassphraseSlots?.ToString(CultureInfo.InvariantCulture) ?? "?");
        }

        output.Write(table);
    }

    private void DrawImages(SystemReport report)
    {
        if (report.Images.Count == 0)
        {
            return;
        }

        output.WriteLine();
        Heading("Initramfs");
        Table table = Columns("Image", "State");
        foreach (SeenImage image in report.Images)
        {
            Row(table, image.Path, image.Missing.Count > 0 ? "incomplete" : image.Newer.Count > 0 ? "out of date" : "complete, up to date");
        }

        output.Write(table);
    }

    private void DrawProblems(IReadOnlyList<Problem> problems)
    {
        output.WriteLine();
        if (problems.Count == 0)
        {
            output.Write(new Text("Nothing is wrong.\n", new Style(Color.Green)));
            return;
        }

        Heading("What is wrong");
        foreach (Problem problem in problems)
        {
            output.Write(new Text(problem.What, new Style(Color.Red)));
            output.WriteLine();
            output.WriteLine("    " + problem.Next);
        }
    }

    private void Heading(string text)
    {
        output.Write(new Text(text, new Style(decoration: Decoration.Bold | Decoration.Underline)));
        output.WriteLine();
    }
}
