const bytes = new Map<string, number[]>()

/** A text in Shift-JIS, by turning around how it is decoded: Node has no encoder. */
export function shiftJis(text: string): Buffer {
  if (bytes.size === 0) {
    const decoder = new TextDecoder('shift_jis')
    const leads = [...range(0x81, 0x9f), ...range(0xe0, 0xfc)]
    for (const lead of leads) {
      for (const trail of range(0x40, 0xfc)) {
        const character = decoder.decode(Uint8Array.of(lead, trail))
        if (character.length === 1 && character !== '\ufffd') bytes.set(character, [lead, trail])
      }
    }
    for (const code of range(0, 0x7f)) bytes.set(String.fromCharCode(code), [code])
  }
  return Buffer.from([...text].flatMap(character => bytes.get(character) ?? []))
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
