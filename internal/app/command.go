package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Exit codes of every command.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// call is one invocation of a subcommand.
type call struct {
	cfg         *config.Config
	args        []string
	in          io.Reader
	out, errOut io.Writer
	flags       *flag.FlagSet
}

// usageError is wrong use: exit code 2.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

type command struct {
	name, args, about string
	run               func(ctx context.Context, c *call) error
}

var commands = []command{
	{"dev", "[-simulate [-speed N]]", "a private PostgreSQL, demo data on the first start, web server and workers, on loopback", runDev},
	{"serve", "", "production: needs DATABASE_URL and a schema that is up to date", runServe},
	{"migrate", "up|down|status", "bring the schema up to date, take back the newest step, or tell where it stands", runMigrate},
	{"admin create", "-name NAME -email ADDRESS", "the first administrator: prints the link with which its owner sets a password", runAdminCreate},
	{"wilayah import", "[-apply] FILE.geojson", "load the kelurahan boundaries; a dry run unless -apply", runWilayahImport},
	{"unit import", "[-apply] FILE", "load units from XLSX or CSV; a dry run unless -apply", runUnitImport},
	{"pegawai import", "[-apply] FILE", "load people, positions and who sits where from XLSX or CSV; a dry run unless -apply", runStaffImport},
	{"backup", "[-keep N] [-verify] DIR", "back up database and files at one point, encrypted with the secret file, into a new folder below DIR", runBackup},
	{"restore", "DIR", "bring a backup, or the newest below DIR, into an empty database and the file store, and compare", runRestore},
	{"antrean backtest", "< events.jsonl > estimates.jsonl", "answer the questions in a record of queues with the portal's own estimator", runAntreanBacktest},
	{"keys rotate", "", "a new key for what is sealed: the first call adds it, the second seals everything anew while portals run", runKeysRotate},
	{"keys status", "", "tell what each key does and how many values it has sealed", runKeysStatus},
	{"keys retire", "", "refuse older keys, once nothing uses them", runKeysRetire},
	{"audit verify", "", "check the chains of the audit trail and the work ledger", runAuditVerify},
}

// Main runs a subcommand and returns the exit code: 0, 1 for a failure, 2 for
// wrong use. Errors are one sentence on errOut.
func Main(ctx context.Context, args, environ []string, in io.Reader, out, errOut io.Writer) int {
	cmd, rest := find(args)
	if cmd == nil {
		if group := within(args); group != nil {
			return usageOf(out, errOut, args, group)
		}
		if len(args) > 0 && !asksHelp(args[0]) {
			fmt.Fprintf(errOut, "portal: there is no command %q; see portal -h\n", args[0])
			return exitUsage
		}
		usage(out)
		if len(args) == 0 {
			return exitUsage
		}
		return exitOK
	}
	flags := flag.NewFlagSet("portal "+cmd.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	c := &call{args: rest, in: in, out: out, errOut: errOut, flags: flags}
	err := func() (err error) {
		if c.cfg, err = config.Load(environ); err != nil {
			return &usageError{err.Error()}
		}
		return cmd.run(ctx, c)
	}()
	var wrong *usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(out, "%s\n\n%s.\n\n", cmd.synopsis(), cmd.about)
		flags.SetOutput(out)
		flags.PrintDefaults()
		return exitOK
	case errors.As(err, &wrong):
		fmt.Fprintf(errOut, "portal %s: %s\n", cmd.name, wrong.msg)
		return exitUsage
	}
	fmt.Fprintf(errOut, "portal %s: %s\n", cmd.name, oneLine(err))
	return exitFailure
}

func find(args []string) (*command, []string) {
	for i := range commands {
		words := strings.Fields(commands[i].name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == commands[i].name {
			return &commands[i], args[len(words):]
		}
	}
	return nil, nil
}

func (c command) synopsis() string { return strings.TrimSpace("portal " + c.name + " " + c.args) }

func asksHelp(arg string) bool { return arg == "-h" || arg == "--help" || arg == "help" }

// within are the commands that begin with the first word of args, such as
// "wilayah import" with "wilayah".
func within(args []string) (group []command) {
	for _, c := range commands {
		if len(args) > 0 && strings.HasPrefix(c.name, args[0]+" ") {
			group = append(group, c)
		}
	}
	return group
}

// usageOf tells a group's commands: what was asked for with -h, wrong use
// without.
func usageOf(out, errOut io.Writer, args []string, group []command) int {
	if len(args) > 1 && asksHelp(args[1]) {
		for _, c := range group {
			fmt.Fprintf(out, "%s\n        %s\n", c.synopsis(), c.about)
		}
		return exitOK
	}
	names := make([]string, len(group))
	for i, c := range group {
		names[i] = "portal " + c.name
	}
	fmt.Fprintf(errOut, "portal %s: say %s; -h tells more\n", args[0], strings.Join(names, " or "))
	return exitUsage
}

// parse reads the command's flags and checks how many arguments follow.
func (c *call) parse(arguments int) error {
	if err := c.flags.Parse(c.args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return &usageError{err.Error()}
	}
	if c.flags.NArg() != arguments {
		return &usageError{"wrong number of arguments; see -h"}
	}
	return nil
}

func usage(w io.Writer) {
	fmt.Fprint(w, "portal is the city portal: one binary for web pages, background work and upkeep.\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %s\n        %s\n", c.synopsis(), c.about)
	}
	fmt.Fprint(w, "\nSettings are environment variables; docs/operators.md lists them.\n")
}

func oneLine(err error) string {
	return strings.ReplaceAll(strings.TrimSpace(errs.Quiet(err).Error()), "\n", "; ")
}
