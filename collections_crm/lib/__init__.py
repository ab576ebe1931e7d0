"""Small tools for money, phones, dates and identifiers that know nothing of this product."""
