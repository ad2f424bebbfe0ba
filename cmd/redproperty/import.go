package main

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
)

func importCommand(s *settings) *cobra.Command {
	var o app.ImportOptions
	cmd := &cobra.Command{
		Use: "import KIND FILE|FOLDER...", Short: "Import divisions, estate, households, contracts, work-orders or renovation-plans from XLSX and CSV files",
		Long: `Imports every file given, and every .csv and .xlsx in a folder, by name. Valid rows are imported, the others listed with
the reason and what was expected; running it again changes nothing. The exit code is 0 only when no row was rejected.

KIND is divisions, estate, households, contracts, work-orders or renovation-plans. --target says where the rows belong: an identifier, a 12-digit code of a
division, or CODE/NAME of an estate or service area in it, as 370612001005/金海花园.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			o.Kind, o.Paths, o.Terminal, o.Language = args[0], args[1:], isTerminal(out), language(os.Getenv)
			return s.run(cmd.Context(), func(ctx context.Context, a *app.App) error { return a.Import(ctx, o, out) })
		},
	}
	cmd.Flags().StringVar(&o.Target, "target", "", "the place that the rows belong to")
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "tell what would happen, and change nothing")
	cmd.Flags().StringVar(&o.PhoneBasis, "phone-basis", "", "legal basis for keeping phones: consent, contract or duty; without one phones are left out")
	cmd.Flags().StringVar(&o.Mapping, "mapping", "", "file that says what the columns of a foreign table mean (work-orders)")
	cmd.Flags().StringVar(&o.Report, "report", "", "write what became of each row as XLSX: to this file, or into this folder for several files")
	return cmd
}

// isTerminal tells whether somebody watches.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// language is the one of the terminal: Chinese where it says so, otherwise English like the commands' own
// words.
func language(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "zh") {
				return "zh"
			}
			break
		}
	}
	return "en"
}
