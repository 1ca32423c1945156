import type { Nat } from "./nationalities";

/** A record in the shape of the API's version 1.4. Dates are ISO 8601 in UTC. */
export interface User {
  gender: "male" | "female";
  name: { title: string; first: string; last: string };
  location: {
    street: { number: number; name: string };
    city: string;
    state: string;
    country: string;
    postcode: number | string;
    coordinates: { latitude: string; longitude: string };
    timezone: { offset: string; description: string };
  };
  email: string;
  login: {
    uuid: string;
    username: string;
    password: string;
    salt: string;
    /** The hashes are of password + salt, hexadecimal. */
    md5: string;
    sha1: string;
    sha256: string;
  };
  /** `age` in full years today: the one thing that changes while the seed stays the same. */
  dob: { date: string; age: number };
  registered: { date: string; age: number };
  phone: string;
  cell: string;
  id: { name: string; value: string | null };
  picture: { large: string; medium: string; thumbnail: string };
  nat: Nat;
}
