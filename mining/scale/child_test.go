package scale

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// childEnv names what this binary does instead of testing, and on what: each
// measured piece of work runs in a process of its own, so that its processor
// time and its peak are its own.
const childEnv = "WINNOW_SCALE_CHILD"

// A task is what a child is asked to do.
type task struct {
	Name   string
	Dir    string // of the company
	Lake   string
	Nights int // after the last day of the log
	Size   Size
	Limits string // DuckDB's memory limit
	Args   []string
}

// tasks are what children can do; each returns what the parent reads.
var tasks = map[string]func(context.Context, task) (any, error){
	"land": landTask, "night": nightTask, "bare": bareTask, "ingest": ingestTask, "stages": stagesTask,
	"sql": sqlTask, "inputs": inputsTask, "compare": compareTask, "explain": explainTask,
}

func TestMain(m *testing.M) {
	text := os.Getenv(childEnv)
	if text == "" {
		os.Exit(m.Run())
	}
	var t task
	err := json.Unmarshal([]byte(text), &t)
	if err == nil {
		var out any
		if out, err = tasks[t.Name](context.Background(), t); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, t.Name+":", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// A cost is what a process took.
type cost struct {
	cpu, wall float64 // seconds
	peak      float64 // MiB of resident memory
}

func (c cost) String() string {
	return fmt.Sprintf("%.1f CPU-s, %.1f s, %.0f MiB", c.cpu, c.wall, c.peak)
}

func (c cost) plus(o cost) cost {
	return cost{c.cpu + o.cpu, c.wall + o.wall, max(c.peak, o.peak)}
}

// memory is DuckDB's limit: the bar is 2.5 GiB for the whole process.
func memory() string {
	if m := os.Getenv("WINNOW_SCALE_MEMORY"); m != "" {
		return m
	}
	return "1800MB"
}

// child runs a task in a process of its own and decodes what it returns.
func (s site) child(b *testing.B, name string, change func(*task), out any) cost {
	b.Helper()
	t := task{Name: name, Dir: s.dir, Lake: filepath.Join(s.dir, "lake"), Size: s.size, Limits: memory()}
	if change != nil {
		change(&t)
	}
	text, err := json.Marshal(t)
	if err != nil {
		b.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), self)
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	c, stdout := measure(b, cmd)
	if err := json.Unmarshal(stdout, out); err != nil {
		b.Fatalf("%s: read what it returned: %v: %.300s", name, err, stdout)
	}
	return c
}

// measure runs a command to its end.
func measure(b *testing.B, cmd *exec.Cmd) (cost, []byte) {
	b.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s%s", filepath.Base(cmd.Path), err, stderr.String(), stdout.String())
	}
	wall := time.Since(start).Seconds()
	use := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{cpuOf(use), wall, peakOf(use)}, stdout.Bytes()
}

func cpuOf(r *syscall.Rusage) float64 { return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9 }

// peakOf is the most that was resident, in MiB.
func peakOf(r *syscall.Rusage) float64 {
	if runtime.GOOS == "darwin" { // which counts in bytes
		return float64(r.Maxrss) / (1024 * 1024)
	}
	return float64(r.Maxrss) / 1024
}

// peakSoFar is what this process has occupied at most, in MiB: the stage at
// which it rises is the one that needs it.
func peakSoFar() float64 {
	var use syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &use) != nil {
		return 0
	}
	return peakOf(&use)
}
