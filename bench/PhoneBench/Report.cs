namespace PhoneBench;
internal static class Report { public static string Folder => Directory.CreateDirectory(Path.Combine(EmulatedPhone.Repository.Out, "bench")).FullName; }
