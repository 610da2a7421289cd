package acme

import "testing"

// BenchmarkGenerate measures the model alone, without files.
func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		if _, err := Generate(Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWrite measures the demo's company, written to disk.
func BenchmarkWrite(b *testing.B) {
	c, err := Generate(Options{})
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	var bytes int64
	for b.Loop() {
		m, err := c.Write(dir)
		if err != nil {
			b.Fatal(err)
		}
		bytes = 0
		for _, f := range m.Files {
			bytes += f.Bytes
		}
		b.ReportMetric(float64(m.Events), "events")
	}
	b.SetBytes(bytes)
}
