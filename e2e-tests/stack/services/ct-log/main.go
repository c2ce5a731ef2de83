// Command ct-log is a certificate transparency log in one process: Google's
// CT front end over a Trillian log kept in memory, with its sequencer. The
// usual deployment of the same code needs a database and three processes.
package main

import (
	"context"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/google/certificate-transparency-go/trillian/ctfe"
	"github.com/google/certificate-transparency-go/trillian/ctfe/cache"
	"github.com/google/certificate-transparency-go/trillian/ctfe/configpb"
	"github.com/google/trillian"
	"github.com/google/trillian/client"
	"github.com/google/trillian/crypto/keys"
	"github.com/google/trillian/crypto/keys/der"
	"github.com/google/trillian/crypto/keyspb"
	"github.com/google/trillian/extension"
	trillianlog "github.com/google/trillian/log"
	"github.com/google/trillian/monitoring"
	"github.com/google/trillian/quota"
	"github.com/google/trillian/server"
	"github.com/google/trillian/server/admin"
	"github.com/google/trillian/server/interceptor"
	"github.com/google/trillian/storage/memory"
	"github.com/google/trillian/util/clock"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

var (
	address = flag.String("address", "127.0.0.1:0", "where to listen")
	prefix  = flag.String("prefix", "", "path of the log under the address")
	key     = flag.String("key", "", "PEM file of the log's private key (PKCS#8, not encrypted)")
	roots   = flag.String("roots", "", "PEM file of the roots whose certificates are accepted")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	conn, err := serveTrillian(ctx)
	if err != nil {
		return fmt.Errorf("trillian: %w", err)
	}
	tree, err := client.CreateAndInitTree(ctx, &trillian.CreateTreeRequest{Tree: &trillian.Tree{
		TreeState:       trillian.TreeState_ACTIVE,
		TreeType:        trillian.TreeType_LOG,
		MaxRootDuration: durationpb.New(time.Hour),
	}}, trillian.NewTrillianAdminClient(conn), trillian.NewTrillianLogClient(conn))
	if err != nil {
		return fmt.Errorf("creating the tree: %w", err)
	}
	handlers, err := certificateLog(ctx, tree.TreeId, trillian.NewTrillianLogClient(conn))
	if err != nil {
		return fmt.Errorf("certificate log: %w", err)
	}
	mux := http.NewServeMux()
	for path, handler := range handlers {
		mux.Handle(path, handler)
	}
	server := http.Server{Addr: *address, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

// serveTrillian starts Trillian's log and admin services over storage in
// memory, with a sequencer that runs four times a second, and connects to them.
func serveTrillian(ctx context.Context) (*grpc.ClientConn, error) {
	trees := memory.NewTreeStorage()
	registry := extension.Registry{
		AdminStorage:  memory.NewAdminStorage(trees),
		LogStorage:    memory.NewLogStorage(trees, monitoring.InertMetricFactory{}),
		QuotaManager:  quota.Noop(),
		MetricFactory: monitoring.InertMetricFactory{},
	}
	sequencer := trillianlog.NewOperationManager(trillianlog.OperationInfo{
		Registry:    registry,
		BatchSize:   50,
		NumWorkers:  1,
		RunInterval: 250 * time.Millisecond,
		TimeSource:  clock.System,
	}, trillianlog.NewSequencerManager(registry, 0))
	go sequencer.OperationLoop(ctx)

	rpc := grpc.NewServer(grpc.UnaryInterceptor(interceptor.ErrorWrapper))
	trillian.RegisterTrillianAdminServer(rpc, admin.New(registry, nil))
	trillian.RegisterTrillianLogServer(rpc, server.NewTrillianLogRPCServer(registry, clock.System))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { log.Fatal(rpc.Serve(listener)) }()
	return grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
}

// certificateLog sets up the CT front end (RFC 6962) for code signing
// certificates over one Trillian tree.
func certificateLog(ctx context.Context, tree int64, backend trillian.TrillianLogClient) (ctfe.PathHandlers, error) {
	text, err := os.ReadFile(*key)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM block", *key)
	}
	keys.RegisterHandler(&keyspb.PrivateKey{}, der.FromProto)
	private, err := anypb.New(&keyspb.PrivateKey{Der: block.Bytes})
	if err != nil {
		return nil, err
	}
	config, err := ctfe.ValidateLogConfig(&configpb.LogConfig{
		LogId:        tree,
		Prefix:       *prefix,
		RootsPemFile: []string{*roots},
		PrivateKey:   private,
		ExtKeyUsages: []string{"CodeSigning"},
	})
	if err != nil {
		return nil, err
	}
	instance, err := ctfe.SetUpInstance(ctx, ctfe.InstanceOptions{
		Validated:     config,
		Client:        backend,
		Deadline:      10 * time.Second,
		MetricFactory: monitoring.InertMetricFactory{},
		RequestLog:    new(ctfe.DefaultRequestLog),
		CacheType:     cache.NOOP,
	})
	if err != nil {
		return nil, err
	}
	return instance.Handlers, nil
}
