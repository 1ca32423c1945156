// kindnetd does what kind's network daemon of that name does, reduced: it configures the network of this node's pods, keeps
// routes to the pods of the other nodes, lets pods reach what is outside of the cluster, and enforces NetworkPolicies.
package main

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/vishvananda/netlink"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const configuration = "/etc/cni/net.d/10-kindnet.conflist"

// No ipMasq: it would hide which pod speaks from pods on other nodes. See masquerade.
const template = `{
  "cniVersion": "0.3.1",
  "name": "kindnet",
  "plugins": [
    {
      "type": "ptp",
      "ipam": {
        "type": "host-local",
        "dataDir": "/run/cni-ipam-state",
        "routes": [{ "dst": "0.0.0.0/0" }],
        "ranges": [[{ "subnet": "%s" }]]
      }
    },
    { "type": "portmap", "capabilities": { "portMappings": true } }
  ]
}
`

func main() {
	client, err := connect()
	if err != nil {
		log.Fatal(err)
	}
	ctx, self := context.Background(), os.Getenv("HOST_IP")
	go forever(func() error { return enforce(ctx, client, self) })
	forever(func() error { return follow(ctx, client, self) })
}

func forever(work func() error) {
	for {
		if err := work(); err != nil {
			log.Print(err)
			time.Sleep(time.Second)
		}
	}
}

func connect() (kubernetes.Interface, error) {
	config, err := rest.InClusterConfig()
	if err != nil {
		return nil, err
	}
	// kind sets it. The address of the service works only once kube-proxy has come so far.
	if endpoint := os.Getenv("CONTROL_PLANE_ENDPOINT"); endpoint != "" {
		config.Host = "https://" + endpoint
	}
	return kubernetes.NewForConfig(config)
}

// follow makes things right, and again whenever a node changes, for some minutes.
func follow(ctx context.Context, client kubernetes.Interface, self string) error {
	if err := masquerade(os.Getenv("POD_SUBNET")); err != nil {
		return err
	}
	seconds := int64(300)
	watch, err := client.CoreV1().Nodes().Watch(ctx, meta.ListOptions{TimeoutSeconds: &seconds})
	if err != nil {
		return err
	}
	defer watch.Stop()
	// It begins with the nodes that there are.
	for event := range watch.ResultChan() {
		node, is := event.Object.(*core.Node)
		if !is {
			return fmt.Errorf("watching nodes: %v", event.Object)
		}
		if err := connectNode(node, self); err != nil {
			return err
		}
	}
	return nil
}

// masquerade has pods speak with the node's address to what is outside of the pods' network, which knows no route back.
func masquerade(pods string) error {
	rule := []string{"POSTROUTING", "-s", pods, "!", "-d", pods, "-m", "comment", "--comment", "kindnetd: leaving the pods",
		"-j", "MASQUERADE"}
	if exec.Command("iptables", append([]string{"-w", "-t", "nat", "-C"}, rule...)...).Run() == nil {
		return nil
	}
	output, err := exec.Command("iptables", append([]string{"-w", "-t", "nat", "-A"}, rule...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("iptables: %w: %s", err, strings.TrimSpace(string(output)))
	}
	return nil
}

// connectNode writes the network configuration of this node, or keeps the route to another one.
func connectNode(node *core.Node, self string) error {
	address := internalAddress(node)
	if node.Spec.PodCIDR == "" || address == "" {
		return nil
	}
	if address == self {
		return configure(node.Spec.PodCIDR)
	}
	_, pods, err := net.ParseCIDR(node.Spec.PodCIDR)
	if err != nil {
		return err
	}
	if err := netlink.RouteReplace(&netlink.Route{Dst: pods, Gw: net.ParseIP(address)}); err != nil {
		return fmt.Errorf("route %s via %s: %w", pods, address, err)
	}
	return nil
}

func internalAddress(node *core.Node) string {
	for _, address := range node.Status.Addresses {
		if address.Type == core.NodeInternalIP {
			return address.Address
		}
	}
	return ""
}

func configure(pods string) error {
	wanted := []byte(fmt.Sprintf(template, pods))
	if present, _ := os.ReadFile(configuration); bytes.Equal(present, wanted) {
		return nil
	}
	// As a whole or not at all: containerd reads it at any time.
	if err := os.WriteFile(configuration+".tmp", wanted, 0o644); err != nil {
		return err
	}
	log.Printf("the pods of this node are in %s", pods)
	return os.Rename(configuration+".tmp", configuration)
}
