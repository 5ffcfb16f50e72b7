"""What points buy: merchants, the catalogue, and the way from a press on a button to goods over a counter."""
