package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/redproperty/redproperty/internal/app"
)

func adminCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "admin", Short: "What only somebody on the server may do"}
	cmd.AddCommand(createCommand(s), backupCommand(s), restoreCommand(), keysCommand(s))
	return cmd
}

func createCommand(s *settings) *cobra.Command {
	var who app.Administrator
	cmd := &cobra.Command{
		Use: "create", Short: "Make an administrator of the platform, or with --street of a street office; the password is printed once", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.run(cmd.Context(), func(ctx context.Context, a *app.App) error {
				password, err := a.CreateAdmin(ctx, who)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "User name: %s\nPassword:  %s\nIt is shown only now and must be changed at the first log-in.\n", who.UserName, password)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&who.UserName, "user-name", "", "name to log in with")
	cmd.Flags().StringVar(&who.Name, "name", "", "the person's name")
	cmd.Flags().StringVar(&who.Phone, "phone", "", "the person's mobile number")
	cmd.Flags().StringVar(&who.Street, "street", "", "12-digit code: make the first officer of this street's office, who enters everybody else")
	must(cmd, "user-name", "name", "phone")
	return cmd
}

// must marks flags that have no default.
func must(cmd *cobra.Command, flags ...string) {
	for _, name := range flags {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // a flag that is not there is a defect of this file
		}
	}
}

func backupCommand(s *settings) *cobra.Command {
	var attachments bool
	cmd := &cobra.Command{
		Use: "backup FILE", Short: "Write the embedded database and all attachments to a new file, while the program runs", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, log, err := s.load()
			if err != nil {
				return err
			}
			return app.Backup(cmd.Context(), cfg, log, version, args[0], attachments, cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&attachments, "attachments-only", false, "leave the database out, such as one that a server keeps")
	return cmd
}

func restoreCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use: "restore FILE --to FOLDER", Short: "Put a backup into a new folder", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Restore(cmd.Context(), args[0], to, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "folder that is missing or empty")
	must(cmd, "to")
	return cmd
}

func keysCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "keys", Short: "The keys of personal data and of the ledger, which are in no backup"}
	cmd.AddCommand(&cobra.Command{
		Use: "export SHARE-1 SHARE-2", Short: "Write the keys as two shares for two holders; each is useless alone", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.run(cmd.Context(), func(ctx context.Context, a *app.App) error {
				return a.ExportKeys(ctx, [2]string{args[0], args[1]}, cmd.OutOrStdout())
			})
		},
	}, &cobra.Command{
		Use: "import SHARE-1 SHARE-2", Short: "Make the key files from the two shares", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, _, err := s.load()
			if err != nil {
				return err
			}
			return app.ImportKeys(cfg, [2]string{args[0], args[1]}, cmd.OutOrStdout())
		},
	}, &cobra.Command{
		Use: "rotate", Short: "Put new keys in force and seal all personal data anew", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.run(cmd.Context(), func(ctx context.Context, a *app.App) error {
				return a.RotateKeys(ctx, cmd.OutOrStdout(), isTerminal(cmd.OutOrStdout()))
			})
		},
	})
	return cmd
}
