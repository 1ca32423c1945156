// crictl has what kind asks of the tool of that name (inspecti, images), and ps and pods for people.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

const endpoint = "unix:///run/containerd/containerd.sock"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "crictl:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	connection, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	images, runtime := cri.NewImageServiceClient(connection), cri.NewRuntimeServiceClient(connection)
	switch {
	case len(args) == 2 && args[0] == "inspecti":
		return inspectImage(ctx, images, args[1])
	case len(args) == 1 && args[0] == "images":
		return listImages(ctx, images)
	case len(args) == 1 && args[0] == "ps":
		return listContainers(ctx, runtime)
	case len(args) == 1 && args[0] == "pods":
		return listPods(ctx, runtime)
	}
	return errors.New("usage: crictl inspecti IMAGE | images | ps | pods (this build has no more)")
}

func inspectImage(ctx context.Context, client cri.ImageServiceClient, name string) error {
	answer, err := client.ImageStatus(ctx, &cri.ImageStatusRequest{Image: &cri.ImageSpec{Image: name}})
	if err != nil {
		return err
	}
	if answer.Image == nil {
		return fmt.Errorf("no such image %q present", name)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"status": map[string]any{
		"id":          answer.Image.Id,
		"repoTags":    answer.Image.RepoTags,
		"repoDigests": answer.Image.RepoDigests,
		"size":        fmt.Sprint(answer.Image.Size),
		"pinned":      answer.Image.Pinned,
	}})
}

func listImages(ctx context.Context, client cri.ImageServiceClient) error {
	answer, err := client.ListImages(ctx, &cri.ListImagesRequest{})
	if err != nil {
		return err
	}
	for _, image := range answer.Images {
		fmt.Printf("%s\t%s\t%d\n", strings.Join(image.RepoTags, ","), image.Id, image.Size)
	}
	return nil
}

func listContainers(ctx context.Context, client cri.RuntimeServiceClient) error {
	answer, err := client.ListContainers(ctx, &cri.ListContainersRequest{})
	if err != nil {
		return err
	}
	for _, container := range answer.Containers {
		fmt.Printf("%s\t%s\t%s\t%d\t%s\n", container.Id[:13], container.Metadata.Name, container.State,
			container.Metadata.Attempt, container.Labels["io.kubernetes.pod.name"])
	}
	return nil
}

func listPods(ctx context.Context, client cri.RuntimeServiceClient) error {
	answer, err := client.ListPodSandbox(ctx, &cri.ListPodSandboxRequest{})
	if err != nil {
		return err
	}
	for _, pod := range answer.Items {
		fmt.Printf("%s\t%s/%s\t%s\n", pod.Id[:13], pod.Metadata.Namespace, pod.Metadata.Name, pod.State)
	}
	return nil
}
