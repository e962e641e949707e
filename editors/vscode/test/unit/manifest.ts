// What package.json says.
import { readFileSync } from "node:fs";

/** A setting, or a part of one: the words of JSON Schema that are used here. */
export interface Schema {
  type?: string | string[];
  default?: unknown;
  description?: string;
  markdownDescription?: string;
  enum?: unknown[];
  enumDescriptions?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
}

export const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  contributes: {
    commands: { command: string; title: string }[];
    configuration: { properties: Record<string, Schema> };
    problemMatchers: [{ pattern: { regexp: string }[] }];
  };
};
