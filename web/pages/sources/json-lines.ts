/** JSON as a person reads it; as it came where it is none, such as a message that was cut. */
export function readableJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
