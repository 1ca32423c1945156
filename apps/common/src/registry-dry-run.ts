/**
 * Asks Apicurio Registry why it would refuse a schema as the next version of a subject. Its Confluent API says only that it
 * would; its own API says why, when it is asked to try without registering (`dryRun`, since Apicurio Registry 3.0).
 *
 * @param url address of the registry without trailing slash
 * @param timeoutMs longest time for the request, milliseconds
 * @returns the reasons; empty when the registry is another one, or does not say
 */
export async function dryRunReasons(
  url: string,
  subject: string,
  schema: string,
  timeoutMs: number,
): Promise<string[]> {
  const path = `/apis/registry/v3/groups/default/artifacts/${encodeURIComponent(subject)}/versions?dryRun=true`;
  try {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ content: { contentType: "application/json", content: schema } }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { causes = [] } = (await response.json()) as {
      causes?: { description: string; context: string }[];
    };
    return causes.map(({ description, context }) => `${context}: ${description}`);
  } catch {
    return [];
  }
}
