/** The installation's key in tests: fixed, so that the application role's password is the same in every clone. */
export const testRootKey = Buffer.alloc(32, 'kizuna-test-root-key')
