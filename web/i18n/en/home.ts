export const home = {
  'empty.title': 'No customers yet',
  'empty.text': 'Once customers are here, this page lists whom to act on today, and why.',
}
