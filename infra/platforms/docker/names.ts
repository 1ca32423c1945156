/** The project's name: the repository of its images, its network, and the label that marks what belongs to it. */
export const PROJECT = "realtime-data-pipeline";

/** The names that resources have on the engine. */
export class Names {
  constructor(private readonly prefix: string) {}

  get network(): string {
    return `${this.prefix}${PROJECT}`;
  }

  /** Containers go by their plain names, which users type. */
  container(name: string): string {
    return `${this.prefix}${name}`;
  }

  volume(name: string): string {
    return `${this.prefix}${PROJECT}-${name}`;
  }

  /** Marks what belongs to this deployment. */
  get labels(): { label: string; value: string }[] {
    return [{ label: PROJECT, value: `${this.prefix}pipeline` }];
  }
}
