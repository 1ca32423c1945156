import type { ImageSource } from "../../infra/images/source";
import { linesOf } from "./lines";
import { IMAGE_SOURCES, stackOf, TARGETS } from "./stacks";

/** Lines of configuration, which a snapshot shows without quotes. */
class Lines {
  constructor(readonly lines: readonly string[]) {}
}

/** Has the tests of a file compare the configuration of a component with what was reviewed, on every target. */
export function compareComponent(
  component: string,
  imageSources: readonly ImageSource[] = IMAGE_SOURCES,
): void {
  compare((owner) => owner === component, imageSources);
}

/** Has the tests of a file compare what belongs to no component with what was reviewed, on every target. */
export function compareRest(): void {
  compare((owner) => owner === undefined, IMAGE_SOURCES);
}

function compare(wanted: (owner: string | undefined) => boolean, imageSources: readonly ImageSource[]): void {
  expect.addSnapshotSerializer({
    test: (value) => value instanceof Lines,
    serialize: (value: Lines) => value.lines.join("\n"),
  });
  test.each(TARGETS)("the configuration is what was reviewed: %s", (target) => {
    const variants = imageSources.map((imageSource) => {
      const stack = stackOf(target, imageSource);
      return { imageSource, blocks: linesOf(stack, (address) => wanted(stack.components[address])) };
    });
    expect(new Lines(merged(variants))).toMatchSnapshot();
  });
}

interface Variant {
  readonly imageSource: ImageSource;
  readonly blocks: ReadonlyMap<string, readonly string[]>;
}

/** The lines of all variants, block by block. A line that some variants lack says which have it. */
function merged(variants: readonly Variant[]): string[] {
  const addresses = new Set(variants.flatMap(({ blocks }) => [...blocks.keys()]));
  return [...addresses].flatMap((address) => {
    const lines = new Set(variants.flatMap(({ blocks }) => blocks.get(address) ?? []));
    return [...lines].map((line) => {
      const having = variants.filter(({ blocks }) => blocks.get(address)?.includes(line));
      if (having.length === variants.length) return line;
      return `${line} (images: ${having.map(({ imageSource }) => imageSource).join()})`;
    });
  });
}
