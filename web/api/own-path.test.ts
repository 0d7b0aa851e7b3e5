import { expect, test } from 'vitest'
import { ownPath } from './own-path.ts'

test.each([
  ['/settings/security', '/settings/security'],
  ['/members?role=csm#list', '/members?role=csm#list'],
  ['/a/../settings', '/settings'],
])('%s is an address of this site', (address, path) => {
  expect(ownPath(address)).toBe(path)
})

test.each([
  '/',
  '',
  'settings',
  '//evil.test/x',
  '/\\evil.test',
  'https://evil.test/',
  'javascript:alert(1)',
  '/\t/evil.test',
  7,
  undefined,
])('%s leads nowhere', address => {
  expect(ownPath(address)).toBeUndefined()
})
