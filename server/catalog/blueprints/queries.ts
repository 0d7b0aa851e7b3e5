import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { type BlueprintFile, type BlueprintPart, readDocuments } from './document.ts'

const folder = fileURLToPath(new URL('../../../blueprints/', import.meta.url))

/** A programme that comes with the product: a folder of YAML. */
export interface ShippedBlueprint {
  key: string
  files: BlueprintFile[]
  /** What the files hold; nothing is known yet of whether it fits. */
  parts: BlueprintPart[]
}

let shipped: ShippedBlueprint[] | undefined

/**
 * The blueprints that come with the product, read once.
 * @throws Error where one of the product's own files is no YAML
 */
export function shippedBlueprints(): readonly ShippedBlueprint[] {
  shipped ??= readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name: key }) => {
      const files = filesOf(`${folder}${key}`)
      const { parts, faults } = readDocuments(files)
      if (faults[0]) throw new Error(`Blueprint "${key}": ${faults[0].file}: ${faults[0].message.en}`)
      return { key, files, parts }
    })
    .sort((a, b) => a.key.localeCompare(b.key))
  return shipped
}

/** The YAML files of a folder, by name. @throws of node:fs where it is none */
export function filesOf(path: string): BlueprintFile[] {
  return readdirSync(path)
    .filter(name => /[.]ya?ml$/.test(name))
    .sort()
    .map(name => ({ name, text: readFileSync(`${path}/${name}`, 'utf8') }))
}

/**
 * What one shipped blueprint has in a section, for modules that offer ready-made things: the YAML is the only place
 * where they stand.
 * @throws Error where the product's own files are wrong
 */
export function shippedPart<Shape extends z.ZodType>(key: string, section: string, shape: Shape): z.output<Shape> {
  const part = shippedBlueprints()
    .find(each => each.key === key)
    ?.parts.find(each => each.section === section)
  if (!part) throw new Error(`There is no blueprint "${key}" with ${section}.`)
  return shape.parse(part.value)
}
