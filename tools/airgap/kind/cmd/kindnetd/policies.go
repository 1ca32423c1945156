package main

import (
	"context"
	"fmt"
	"log"
	"os/exec"
	"slices"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// gather is the time for which changes are gathered before the rules are recreated: a deploy has many within a second.
const gather = 200 * time.Millisecond

// enforce has the kernel refuse what NetworkPolicies do not allow the pods of this node, from and to other pods and the
// outside. What a pod does before its address is known here is not refused: some tenths of a second. Ports are known by
// number only.
func enforce(ctx context.Context, client kubernetes.Interface, self string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods()
	namespaces := factory.Core().V1().Namespaces()
	policies := factory.Networking().V1().NetworkPolicies()

	changed := make(chan struct{}, 1)
	tell := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { tell() },
		UpdateFunc: func(any, any) { tell() },
		DeleteFunc: func(any) { tell() },
	}
	for _, informer := range []cache.SharedIndexInformer{pods.Informer(), namespaces.Informer(), policies.Informer()} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())

	present := ""
	for range changed {
		time.Sleep(gather)
		var known cluster
		var err error
		if known.pods, err = pods.Lister().List(labels.Everything()); err != nil {
			return err
		}
		if known.namespaces, err = namespaces.Lister().List(labels.Everything()); err != nil {
			return err
		}
		if known.policies, err = policies.Lister().List(labels.Everything()); err != nil {
			return err
		}
		rules := known.rules(self)
		if rules == present {
			continue
		}
		if err := load(rules); err != nil {
			return err
		}
		present = rules
	}
	return nil
}

// load replaces the rules as a whole.
func load(rules string) error {
	nft := exec.Command("nft", "-f", "-")
	nft.Stdin = strings.NewReader(rules)
	if output, err := nft.CombinedOutput(); err != nil {
		return fmt.Errorf("nft: %w: %s", err, strings.TrimSpace(string(output)))
	}
	return nil
}

// cluster is what policies are about.
type cluster struct {
	pods       []*core.Pod
	namespaces []*core.Namespace
	policies   []*networking.NetworkPolicy
}

// rules are the kernel's: a chain for each pod and direction in which some policy selects it. A connection has to get through
// that of its client and that of its server; answers belong to it.
func (c cluster) rules(self string) string {
	var chains, forward []string
	for _, pod := range c.pods {
		ip := address(pod)
		if ip == "" || pod.Status.HostIP != self {
			continue
		}
		name := strings.ReplaceAll(ip, ".", "_")
		if allowed, isolated := c.allowed(pod, networking.PolicyTypeEgress); isolated {
			chains = append(chains, chain("egress_"+name, allowed))
			forward = append(forward, fmt.Sprintf("ip saddr %s ip daddr != %s jump egress_%s", ip, ip, name))
		}
		if allowed, isolated := c.allowed(pod, networking.PolicyTypeIngress); isolated {
			chains = append(chains, chain("ingress_"+name, allowed))
			forward = append(forward, fmt.Sprintf("ip daddr %s ip saddr != %s jump ingress_%s", ip, ip, name))
		}
	}
	// In an order that stays, so that what has not changed is the same text.
	slices.Sort(chains)
	slices.Sort(forward)
	hook := "type filter hook forward priority filter\nct state established,related accept\n"
	return "table ip kindnet\ndelete table ip kindnet\ntable ip kindnet {\n" + strings.Join(chains, "") +
		"chain forward {\n" + hook + strings.Join(forward, "\n") + "\n}\n}\n"
}

func chain(name string, allowed []string) string {
	slices.Sort(allowed)
	return fmt.Sprintf("chain %s {\n%s\nreject\n}\n", name, strings.Join(slices.Compact(allowed), "\n"))
}

// allowed are the rules that let a pod's connections of a direction pass, and whether any policy selects it.
func (c cluster) allowed(pod *core.Pod, direction networking.PolicyType) (rules []string, isolated bool) {
	for _, policy := range c.policies {
		spec := policy.Spec
		if policy.Namespace != pod.Namespace || !slices.Contains(spec.PolicyTypes, direction) ||
			!selects(&spec.PodSelector, pod.Labels) {
			continue
		}
		isolated = true
		if direction == networking.PolicyTypeEgress {
			for _, rule := range spec.Egress {
				rules = append(rules, c.passing("daddr", rule.To, rule.Ports, policy.Namespace)...)
			}
		} else {
			for _, rule := range spec.Ingress {
				rules = append(rules, c.passing("saddr", rule.From, rule.Ports, policy.Namespace)...)
			}
		}
	}
	return rules, isolated
}

// passing is one rule of a policy in the kernel's words: each peer with each port. No peers are all of them, as are no ports.
func (c cluster) passing(side string, peers []networking.NetworkPolicyPeer, ports []networking.NetworkPolicyPort,
	home string) []string {
	froms := []string{""}
	if len(peers) > 0 {
		froms = nil
		for _, peer := range peers {
			froms = append(froms, c.matches(side, peer, home)...)
		}
	}
	tos := []string{""}
	if len(ports) > 0 {
		tos = nil
		for _, port := range ports {
			tos = append(tos, destination(port))
		}
	}
	var rules []string
	for _, from := range froms {
		for _, to := range tos {
			rules = append(rules, from+to+"return")
		}
	}
	return rules
}

func destination(port networking.NetworkPolicyPort) string {
	protocol := strings.ToLower(string(*port.Protocol))
	if port.Port == nil {
		return fmt.Sprintf("meta l4proto %s ", protocol)
	}
	if port.Port.Type == intstr.String {
		log.Printf("port %s of a NetworkPolicy is left out: it is not a number", port.Port.StrVal)
		return fmt.Sprintf("%s dport 0 ", protocol)
	}
	if port.EndPort != nil {
		return fmt.Sprintf("%s dport %d-%d ", protocol, port.Port.IntVal, *port.EndPort)
	}
	return fmt.Sprintf("%s dport %d ", protocol, port.Port.IntVal)
}

// matches are the kernel's words for whom a peer of a policy stands for.
func (c cluster) matches(side string, peer networking.NetworkPolicyPeer, home string) []string {
	if block := peer.IPBlock; block != nil {
		match := fmt.Sprintf("ip %s %s ", side, block.CIDR)
		if len(block.Except) > 0 {
			match += fmt.Sprintf("ip %s != { %s } ", side, strings.Join(block.Except, ", "))
		}
		return []string{match}
	}
	var matches []string
	for _, pod := range c.pods {
		ip := address(pod)
		if ip == "" || !c.inNamespaces(peer.NamespaceSelector, pod.Namespace, home) {
			continue
		}
		if peer.PodSelector == nil || selects(peer.PodSelector, pod.Labels) {
			matches = append(matches, fmt.Sprintf("ip %s %s ", side, ip))
		}
	}
	return matches
}

func (c cluster) inNamespaces(selector *meta.LabelSelector, name, home string) bool {
	if selector == nil {
		return name == home
	}
	return slices.ContainsFunc(c.namespaces, func(namespace *core.Namespace) bool {
		return namespace.Name == name && selects(selector, namespace.Labels)
	})
}

func selects(selector *meta.LabelSelector, set map[string]string) bool {
	parsed, err := meta.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(labels.Set(set))
}

// address is a pod's own, as long as it has one.
func address(pod *core.Pod) string {
	over := pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed
	if pod.Spec.HostNetwork || over {
		return ""
	}
	return pod.Status.PodIP
}
