"""Watch lists: who or what is looked for, on which ground and until when; never by one person's word alone."""
