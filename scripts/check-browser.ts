import { findChromium } from '../tests/support/chromium.ts'

// Says which browser the tests will use; fails when none runs.
const { executable } = await findChromium().catch(error => {
  console.error(error.message)
  process.exit(1)
})
console.log(`Browser of the tests: ${executable}`)
