"""The wiring of the house: settings, addresses, engines and what runs by itself."""
