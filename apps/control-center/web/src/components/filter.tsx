/** A field that narrows a list; `/` goes to it. */
export function Filter(props: { label: string; value: string; onInput: (value: string) => void }) {
  return (
    <label class="filter">
      <span class="visually-hidden">{props.label}</span>
      <input
        type="search"
        data-filter
        placeholder={props.label}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

/** Whether a text contains all words of a filter. */
export function matches(text: string, filter: string): boolean {
  const lower = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
