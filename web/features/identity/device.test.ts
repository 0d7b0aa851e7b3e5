import { expect, test } from 'vitest'
import { deviceOf } from './device.ts'

const apple = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const google = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36'

test.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${google}`, ['Chrome', 'Windows']],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${google} Edg/143.0.0.0`, ['Edge', 'Windows']],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${apple} Version/19.0 Safari/605.1.15`, ['Safari', 'Mac']],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) ${apple} CriOS/143.0 Mobile/15E148 Safari/604.1`,
    ['Chrome', 'iPhone'],
  ],
  [`Mozilla/5.0 (Linux; Android 15) ${google.replace(' Safari', ' Mobile Safari')}`, ['Chrome', 'Android']],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', ['Firefox', 'Linux']],
  ['curl/8.5.0', []],
])('%s', (userAgent, parts) => {
  expect(deviceOf(userAgent)).toEqual(parts)
})
