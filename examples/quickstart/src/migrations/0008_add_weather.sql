-- What the weather was like, in the observer's words.
-- after: 0003_create_sightings

CREATE TABLE weather (
    sighting_id  INTEGER PRIMARY KEY REFERENCES sightings (id) ON DELETE CASCADE,
    wind         TEXT NOT NULL DEFAULT 'calm; none',
    sky          TEXT NOT NULL
);

-- A sighting in fog is worth a second look.
CREATE TRIGGER weather_fog AFTER INSERT ON weather WHEN new.sky = 'fog'
BEGIN
    UPDATE weather SET wind = CASE WHEN new.wind = 'storm' THEN 'unlikely' ELSE new.wind END
    WHERE sighting_id = new.sighting_id;
END;
