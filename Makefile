# winnow needs Go (see go.mod) and a C and C++ compiler: DuckDB is linked in.
export CGO_ENABLED = 1
LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: demo build test e2e conformance conformance-prism lint fmt bench bench-scale clean

demo: build ## a whole fictional company, mined in about a minute, without credentials
	bin/winnow demo

build: ## bin/winnow
	go build -trimpath -o bin/winnow ./cmd/winnow

test: ## every test, on a real DuckDB and over real HTTP
	go test -timeout 40m ./...

conformance: ## the vendors' SDKs judge our fakes: a module of its own, minutes to build, 5 GB of memory
	cd conformance && go test -p 1 ./...

conformance-prism: ## prism holds the fakes' shapes against the vendors' specifications; needs npm, those, and the first time the network
	go vet -tags prism ./e2e/prism/
	go test -tags prism -count=1 -v ./e2e/prism/

e2e: ## winnow's clients against servers that others wrote, and a real language model; needs npm, pip and, the first time, the network
	go vet -tags e2e ./e2e/
	go test -tags e2e -count=1 -timeout 90m -v ./e2e/

lint: ## vet, and the linters of .golangci.yml
	go vet ./...
	go run $(LINT) run

fmt:
	gofmt -w $$(git ls-files '*.go')

bench: ## benchmarks, with allocations
	go test -run '^$$' -bench . -benchmem ./...

bench-scale: ## a night at WINNOW_SCALE (1: 100,000 people, 10 million events, minutes and 4 GB), kept in WINNOW_SCALE_DIR; then one day more
	go test ./mining/scale -run '^$$' -bench 'Scale|Night' -benchtime 1x -timeout 4h

clean:
	rm -rf bin
