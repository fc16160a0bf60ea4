"""The demo shop: goods, people and ninety days of real use, made by the same services as real use."""
