import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blindIndex, seal, unseal } from './box.ts'
import { keyringOf, newKey } from './keyring.ts'
import { newToken, readToken, type TokenKind } from './token.ts'

const ring = keyringOf([newKey()])
const place = { tenant: 'a', table: 't', column: 'c', row: 'r' }

describe('boxes (SEC-2, E1)', () => {
  it('open to what was put in, whatever it is, and are different each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), text => {
        const box = seal(ring, place, text)
        expect(unseal(ring, place, box)).toBe(text)
        expect(seal(ring, place, text)).not.toBe(box)
      }),
    )
  })

  it('open in no other tenant, table, column or row, not changed, and not with another key', () => {
    const box = seal(ring, place, '秘密')
    for (const part of ['tenant', 'table', 'column', 'row'] as const) {
      expect(() => unseal(ring, { ...place, [part]: 'x' }, box)).toThrow()
    }
    // Neighbours cannot lend each other letters.
    expect(() => unseal(ring, { ...place, tenant: 'at', table: '' }, box)).toThrow()
    const [version, key, nonce, sealed] = box.split('.') as [string, string, string, string]
    const turned = `${sealed.startsWith('A') ? 'B' : 'A'}${sealed.slice(1)}`
    expect(() => unseal(ring, place, [version, key, nonce, turned].join('.'))).toThrow()
    expect(() => unseal(keyringOf([newKey()]), place, box)).toThrow('not in the ring')
  })

  it('are found by an index that differs between tenants', () => {
    expect(blindIndex(ring, 'a', 'x@example.test')).toEqual(blindIndex(ring, 'a', 'x@example.test'))
    expect(blindIndex(ring, 'a', 'x@example.test')).not.toEqual(blindIndex(ring, 'b', 'x@example.test'))
  })
})

describe('tokens (B2, B7, D4)', () => {
  const kinds: TokenKind[] = ['session', 'verify', 'reset', 'invite', 'key']
  const tenant = '01890000-0000-7000-8000-000000000001'

  it('are read as their own kind only, with their tenant', () => {
    for (const kind of kinds) {
      const token = newToken(kind, kind === 'key' || kind === 'invite' ? tenant : undefined)
      for (const other of kinds) {
        const read = readToken(other, token.text)
        if (other !== kind) expect(read).toBeUndefined()
        else
          expect(read).toEqual({ hash: token.hash, tenantId: kind === 'key' || kind === 'invite' ? tenant : undefined })
      }
    }
  })

  it('are refused when a letter is wrong, and survive any nonsense', () => {
    const { text } = newToken('key', tenant)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'abcXYZ019-_'), (index, letter) => {
        const changed = text.slice(0, index) + letter + text.slice(index + 1)
        if (changed !== text) expect(readToken('key', changed)).toBeUndefined()
      }),
    )
    fc.assert(
      fc.property(fc.string(), nonsense => {
        expect(readToken('session', nonsense)).toBeUndefined()
      }),
    )
  })
})
