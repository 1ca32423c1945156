/** What stands in the place of a masked value: nothing of it, not even its length. */
export const MASK = "•••••";

/** Names of fields that hold personal data, in lower case and without `_`, `-` and spaces. */
const PERSONAL = new Set([
  ...["name", "firstname", "lastname", "fullname", "givenname", "familyname", "surname"],
  ...["email", "emailaddress", "username", "login", "password", "salt", "md5", "sha1", "sha256"],
  ...["phone", "phonenumber", "cell", "mobile", "fax"],
  ...["address", "street", "streetname", "housenumber", "postcode", "postalcode", "zip", "zipcode"],
  ...["dob", "dateofbirth", "birthdate", "birthday", "ssn", "nationalid", "passport", "iban"],
  ...["picture", "photo", "avatar", "portrait", "latitude", "longitude", "coordinates", "ip", "ipaddress"],
]);

/** Whether a field of this name holds personal data, however its words are put together. */
export function isPersonal(field: string): boolean {
  return PERSONAL.has(field.toLowerCase().replace(/[_\-\s]/g, ""));
}

/** A value with the personal data in it replaced. `masked` counts what was. Null stays null: it says nothing. */
export function masked(value: unknown): { value: unknown; masked: number } {
  let count = 0;
  const walk = (part: unknown, personal: boolean): unknown => {
    if (part === null || part === undefined) return part;
    if (Array.isArray(part)) return part.map((element) => walk(element, personal));
    if (typeof part === "object") {
      return Object.fromEntries(
        Object.entries(part).map(([name, field]) => [name, walk(field, personal || isPersonal(name))]),
      );
    }
    if (!personal) return part;
    count++;
    return MASK;
  };
  return { value: walk(value, false), masked: count };
}
