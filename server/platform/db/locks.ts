/** Numbers of the advisory locks that Kizuna takes on its database: all of them, so that none is used twice. */
export const locks = {
  /** Of whoever changes the schema; a backup shares it, so that the schema stays as it is meanwhile. */
  migration: 7_466_201,
  /** Two runs of `secrets rotate` at once. */
  rotation: 7_466_202,
  /** Two servers that start at once make one demo. */
  demo: 7_466_203,
  /** With the tenant: one blueprint is applied at a time. */
  blueprint: 7_466_204,
  /** With the tenant: who counts how often somebody was contacted by flows. */
  flowContacts: 7_466_205,
} as const
