// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is measured.

namespace PhoneBench;

/// <summary>Names of figures, as the JSON has them; times are ms of a clock that counts instructions, sizes are bytes.</summary>
internal static class Figure
{
    public const string
        Image = "image_bytes", Prompt = "boot_to_prompt_ms", FirstFrame = "start_to_first_frame_ms", Resident = "resident_bytes",
        OwnResident = "own_resident_bytes", Peak = "peak_bytes", Share = "proportional_bytes", WakeUps = "wake_ups_per_second",
        PressesCpu = "hundred_presses_cpu_ms", Open = "confirmed_to_open_ms", CardWork = "card_ms", CardCommands = "card_commands";
}

/// <summary>One boot's figures.</summary>
/// <param name="Contender">Whose.</param>
/// <param name="Figures">By their names.</param>
/// <param name="Presses">From each press to changed pixels, in ms.</param>
internal sealed record Measured(Contender Contender, IReadOnlyDictionary<string, double> Figures, IReadOnlyList<double> Presses);
