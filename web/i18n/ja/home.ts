import type { home as english } from '../en/home.ts'
import type { Translation } from '../text.ts'

export const home: Translation<typeof english> = {
  'empty.title': 'まだ顧客がいません',
  'empty.text': '顧客が登録されると、今日動くべき顧客とその理由がここに並びます。',
}
