"""What a reader sees: sentences, tables, pictures, and the record of the numbers they are made
from."""
