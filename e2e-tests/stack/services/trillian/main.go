// Command trillian is a Trillian log in one process, over MySQL or MariaDB:
// the log and admin services with the sequencer, in a database of its own that
// is made when it starts and dropped when it ends. The usual deployment of the
// same code has two processes, and somebody who prepares the database.
package main

import (
	"context"
	"database/sql"
	_ "embed"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/google/trillian"
	"github.com/google/trillian/extension"
	trillianlog "github.com/google/trillian/log"
	"github.com/google/trillian/monitoring"
	"github.com/google/trillian/quota"
	"github.com/google/trillian/server"
	"github.com/google/trillian/server/admin"
	"github.com/google/trillian/server/interceptor"
	mysqlstorage "github.com/google/trillian/storage/mysql"
	"github.com/google/trillian/util/clock"
	"github.com/google/trillian/util/election2"
	"google.golang.org/grpc"
)

// Trillian's schema, storage/mysql/schema/storage.sql of the module, as it is.
//
//go:embed storage.sql
var schema string

var (
	address  = flag.String("address", "127.0.0.1:0", "where the services (gRPC) listen")
	health   = flag.String("health-address", "127.0.0.1:0", "where GET / answers once they do")
	dsn      = flag.String("mysql", "root@tcp(127.0.0.1:3306)/", "database server, as the Go driver names it")
	database = flag.String("database", "", "name of the database, which is dropped if it exists")
)

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	maintenance, err := connect("")
	if err != nil {
		return err
	}
	defer maintenance.Close()
	drop := "DROP DATABASE IF EXISTS `" + *database + "`"
	for _, statement := range []string{drop, "CREATE DATABASE `" + *database + "`"} {
		if _, err := maintenance.Exec(statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	defer func() {
		if _, err := maintenance.Exec(drop); err != nil {
			log.Print(err)
		}
	}()
	db, err := connect(*database)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(schema); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	return serve(ctx, db)
}

// connect opens a database of the server, or none of them.
func connect(name string) (*sql.DB, error) {
	config, err := mysql.ParseDSN(*dsn)
	if err != nil {
		return nil, err
	}
	config.DBName = name
	// The schema is one text of many statements.
	config.MultiStatements = true
	db, err := mysqlstorage.OpenDB(config.FormatDSN())
	if err != nil {
		return nil, fmt.Errorf("database server: %w", err)
	}
	return db, nil
}

// serve runs the services, and a sequencer ten times a second, until the
// context ends.
func serve(ctx context.Context, db *sql.DB) error {
	registry := extension.Registry{
		AdminStorage:    mysqlstorage.NewAdminStorage(db),
		LogStorage:      mysqlstorage.NewLogStorage(db, monitoring.InertMetricFactory{}),
		ElectionFactory: election2.NoopFactory{},
		QuotaManager:    quota.Noop(),
		MetricFactory:   monitoring.InertMetricFactory{},
	}
	sequencer := trillianlog.NewOperationManager(trillianlog.OperationInfo{
		Registry:    registry,
		BatchSize:   50,
		NumWorkers:  1,
		RunInterval: 100 * time.Millisecond,
		TimeSource:  clock.System,
	}, trillianlog.NewSequencerManager(registry, 0))
	go sequencer.OperationLoop(ctx)

	rpc := grpc.NewServer(grpc.UnaryInterceptor(interceptor.ErrorWrapper))
	trillian.RegisterTrillianAdminServer(rpc, admin.New(registry, nil))
	trillian.RegisterTrillianLogServer(rpc, server.NewTrillianLogRPCServer(registry, clock.System))
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- rpc.Serve(listener) }()
	answer := http.Server{
		Addr:              *health,
		Handler:           http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() { failed <- answer.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		rpc.Stop()
		return nil
	}
}
