// SPDX-License-Identifier: GPL-3.0-or-later
// pinentry, by a script that speaks Assuan as it does: what it answers and how that is taken.

using System.Text;
using UnlockControl.Terminal;

namespace UnlockControl.Tests.Terminal;

public sealed class PinentryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pinentry-").FullName;

    private string Log => File.ReadAllText(Path.Combine(folder, "log"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_answer_is_taken_with_its_percent_escapes_undone_and_the_question_goes_escaped()
    {
        PinentryAnswer answer = PinentryProgram.Ask(Script("echo 'D 100%25 %0Aé'; echo OK"), "At 50%\nor so", 64);
        using var secret = answer.Secret;
        Assert.Null(answer.Fault);
        Assert.Equal("100% \né", Encoding.UTF8.GetString(secret!.Span));
        Assert.Contains("SETDESC At 50%25%0Aor so\n", Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancel_is_giving_up_and_no_fault() =>
        Assert.Equal(new PinentryAnswer(null, null), PinentryProgram.Ask(Script("echo 'ERR 83886179 Operation cancelled <Pinentry>'"), "PIN", 64));

    [Theory]
    [InlineData("echo 'ERR 83886340 No such device <Pinentry>'", "No such device")]
    [InlineData("exit 0", "ended without an answer")]
    [InlineData("echo 'D 12345678901234567'; echo OK", "longer than 16 bytes")]
    [InlineData("head -c 2000 /dev/zero | tr '\\0' x; echo", "ended without an answer")]
    public void What_went_wrong_is_said(string getPin, string said)
    {
        PinentryAnswer answer = PinentryProgram.Ask(Script(getPin), "PIN", 16);
        Assert.Null(answer.Secret);
        Assert.Contains(said, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_not_there_is_said() =>
        Assert.Contains("cannot be started", PinentryProgram.Ask(Path.Combine(folder, "none"), "PIN", 16).Fault, StringComparison.Ordinal);

    [Fact]
    public void Without_a_terminal_a_PIN_is_changed_through_it_and_shown_nowhere()
    {
        using CardShelf shelf = new();
        shelf.Insert();
        string program = Script("case $asked in *New*) echo 'D 65%2543%2521' ;; *) echo 'D 123456' ;; esac; echo OK");
        var (code, output, error) = ControlProgram.Run(["card", "change-pin", "--pinentry=" + program], shelf.ApplyTo);
        Assert.True(code == 0, output + error);
        Assert.DoesNotContain("123456", output + error + Log, StringComparison.Ordinal);
        Assert.DoesNotContain("65%43%21", output + error + Log, StringComparison.Ordinal);
        Assert.Equal(3, Log.Split("GETPIN").Length - 1);
    }

    private string Script(string getPin)
    {
        string path = Path.Combine(folder, "pinentry");
        File.WriteAllText(path, $$"""
            #!/bin/sh
            echo 'OK Pleased to meet you'
            while read -r command rest; do
                echo "$command $rest" >>'{{folder}}/log'
                case $command in
                    SETDESC) asked=$rest; echo OK ;;
                    OPTION) echo 'ERR 83886254 Unknown option' ;;
                    GETPIN) {{getPin}} ;;
                    BYE) echo OK; exit ;;
                    *) echo OK ;;
                esac
            done
            """);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }
}
