import { createContext } from 'react'

/** What is wrong with the fields of the form around, by the field's name. */
export const FieldErrors = createContext<Record<string, string>>({})
